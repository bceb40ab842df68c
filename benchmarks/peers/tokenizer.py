"""Writes a tokenizer of whole words, for tools that will not measure without one: `tokenizer.py FOLDER WORD…`."""
import json
import os
import sys

from tokenizers import Tokenizer, models, pre_tokenizers

folder, *words = sys.argv[1:]
vocabulary = {word: i for i, word in enumerate(["<unk>", *sorted(set(words))])}
tokenizer = Tokenizer(models.WordLevel(vocabulary, unk_token="<unk>"))
tokenizer.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
os.makedirs(folder, exist_ok=True)
tokenizer.save(os.path.join(folder, "tokenizer.json"))
template = "{% for message in messages %}{{ message['content'] }} {% endfor %}"
config = {"tokenizer_class": "PreTrainedTokenizerFast", "unk_token": "<unk>", "chat_template": template}
with open(os.path.join(folder, "tokenizer_config.json"), "w") as file:
    json.dump(config, file)
with open(os.path.join(folder, "config.json"), "w") as file:
    json.dump({"model_type": "llama"}, file)
