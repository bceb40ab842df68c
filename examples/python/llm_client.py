"""The guide's llm_client, over botllm's gateway (`botllm serve`): standard library only.

    LLM_GATEWAY_URL   where the gateway listens (http://127.0.0.1:11435)
    BOTLLM_API_KEY    one of the gateway's keys, where it has any
    BOT_ID            the bot: answers and limits of different bots never meet
"""

import asyncio
import json
import os
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from typing import Any, Optional


class LLMError(Exception):
    """The gateway could not be asked, or refused the question. `retry_after` is in seconds, where it says so."""

    def __init__(self, message: str, status: Optional[int] = None, retry_after: Optional[float] = None):
        super().__init__(message)
        self.status = status
        self.retry_after = retry_after


@dataclass
class LLMResponse:
    """One answer. A fallback is an answer, too: then `source` is "fallback", and `error` says why."""

    content: str
    data: Any
    source: str
    model: str
    cached: bool
    latency_ms: float
    request_id: str
    error: Optional[dict] = None
    usage: dict = field(default_factory=dict)


class LLMClient:
    def __init__(self, base_url: str, api_key: str = "", bot_id: str = "", timeout: float = 60.0):
        self.base_url = base_url.rstrip("/")
        self.api_key = api_key
        self.bot_id = bot_id
        # Longer than the gateway's own LLM_DEADLINE (45 s), which answers in time.
        self.timeout = timeout

    async def complete(self, task: str, user_id: Optional[str] = None, **fields: Any) -> LLMResponse:
        """Asks what a prompt config asks: `await llm_client.complete(**config, user_id="42")`."""
        body = {name: value for name, value in fields.items() if value is not None}
        reply = await asyncio.to_thread(self._post, f"/v1/bot/{task}", body, user_id)
        return LLMResponse(
            content=reply["content"],
            data=reply["data"],
            source=reply["source"],
            model=reply["model"],
            cached=reply["cached"],
            latency_ms=reply["latencyMs"],
            request_id=reply["requestId"],
            error=reply.get("error"),
            usage=reply.get("usage") or {},
        )

    def _post(self, path: str, body: dict, user_id: Optional[str]) -> dict:
        headers = {"Content-Type": "application/json"}
        if self.api_key:
            headers["Authorization"] = f"Bearer {self.api_key}"
        if self.bot_id:
            headers["X-Bot-Id"] = self.bot_id
        if user_id:
            body = {**body, "user_id": str(user_id)}
        data = json.dumps(body).encode()
        request = urllib.request.Request(self.base_url + path, data, headers, method="POST")
        try:
            with urllib.request.urlopen(request, timeout=self.timeout) as response:
                return json.load(response)
        except urllib.error.HTTPError as error:
            raise self._refused(error) from error
        except (urllib.error.URLError, TimeoutError, ConnectionError) as error:
            raise LLMError(f"{self.base_url} does not answer: {error}") from error

    @staticmethod
    def _refused(error: urllib.error.HTTPError) -> LLMError:
        try:
            message = json.load(error)["error"]["message"]
        except (ValueError, KeyError, TypeError):
            message = f"the gateway answered {error.code}"
        after = error.headers.get("Retry-After")
        return LLMError(message, error.code, float(after) if after and after.isdigit() else None)


llm_client = LLMClient(
    base_url=os.environ.get("LLM_GATEWAY_URL", "http://127.0.0.1:11435"),
    api_key=os.environ.get("BOTLLM_API_KEY", ""),
    bot_id=os.environ.get("BOT_ID", ""),
)
