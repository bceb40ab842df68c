"""A bot at the console, without a token: what you type is a user's message.

    botllm up && botllm serve &
    python3 examples/python/bot.py
"""

import asyncio
import sys
from typing import Optional

from llm_client import LLMError, llm_client
from llm_prompts import BotPromptConfigs, LLMPrompts

INTENTS = ["book_service", "cancel_booking", "get_info", "help"]
EXPECTATION = "дата и время в формате YYYY-MM-DD HH:MM"
USER = "console"


async def ask(config: dict, user_id: Optional[str] = USER) -> dict:
    response = await llm_client.complete(**config, user_id=user_id)
    if response.error:
        print(f"# {response.source}: {response.error['code']}", file=sys.stderr)
    return LLMPrompts.parse_json_response(response.content)


async def reply(template: str, **variables: str) -> None:
    """The template is improved before a user's data comes in: the model never sees it, and the cache works.

    The words are the bot's own, so it takes nothing from the user's quota.
    """
    text = (await ask(BotPromptConfigs.improve_text(text=template), user_id=None))["text"]
    for name, value in variables.items():
        text = text.replace("{{%s}}" % name, value)
    print(f"bot> {text}", flush=True)


async def book(message: str) -> bool:
    verdict = await ask(BotPromptConfigs.smart_validate_input(user_input=message, expectation=EXPECTATION))
    if verdict["valid"]:
        await reply("Вы записаны на {{time}}. Ждём вас!", time=message)
    else:
        print(f"bot> {verdict['reason']} {verdict['suggestion']}", flush=True)
    return verdict["valid"]


async def menu(context: str) -> None:
    config = BotPromptConfigs.generate_dynamic_menu(context=context, topic="услуги салона красоты")
    for item in (await ask(config))["items"]:
        print(f"bot> • {item['text']}: {item['description']}", flush=True)


async def main() -> None:
    booking = False
    for line in sys.stdin:
        message = line.strip()
        if not message:
            continue
        try:
            if booking:
                booking = not await book(message)
                continue
            config = BotPromptConfigs.classify_user_intent(message=message, available_intents=INTENTS)
            intent = (await ask(config))["intent"]
            if intent == "book_service":
                booking = True
                await reply("На какое время вас записать? Например: 2026-05-01 15:00")
            elif intent == "cancel_booking":
                await reply("Ваша запись отменена.")
            elif intent == "get_info":
                await menu(f"пользователь спросил: {message}")
            else:
                await reply("Я записываю в салон, отменяю запись и рассказываю об услугах.")
        except LLMError as error:
            print(f"bot> Минуту, я сейчас не могу ответить. ({error})", flush=True)


if __name__ == "__main__":
    asyncio.run(main())
