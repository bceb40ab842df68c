"""The guide's prompt configs: which task of the gateway, and its fields. Texts, schemas and checks are the gateway's."""

import json
from typing import Any, Optional, Sequence


class BotPromptConfigs:
    @staticmethod
    def classify_user_intent(
        message: str, available_intents: Sequence[str], descriptions: Optional[dict] = None
    ) -> dict:
        return {
            "task": "intent",
            "message": message,
            "available_intents": list(available_intents),
            "descriptions": descriptions,
        }

    @staticmethod
    def smart_validate_input(user_input: str, expectation: str, now: Optional[str] = None) -> dict:
        return {"task": "validate", "user_input": user_input, "expectation": expectation, "now": now}

    @staticmethod
    def generate_dynamic_menu(context: str, topic: str) -> dict:
        return {"task": "menu", "context": context, "topic": topic}

    @staticmethod
    def improve_text(text: str, tone: Optional[str] = None) -> dict:
        return {"task": "improve", "text": text, "tone": tone}


class LLMPrompts:
    @staticmethod
    def parse_json_response(text: str) -> Any:
        """A task's `content` is JSON always, fallbacks included."""
        return json.loads(text)
