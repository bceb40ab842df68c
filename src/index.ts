/**
 * botllm: a guarded client for a local language model, and the prompts that bots need.
 *
 * `createLlmClient` makes the client, `settingsFromEnv` reads the documented variables for it,
 * `BotPromptConfigs` holds the tasks, `definePrompt` makes one's own, `LLMPrompts` reads a model's JSON,
 * `renderReplyTemplate` makes a message out of an `action.reply_template.v1`.
 * Every failure is a `BotllmError` with a stable code.
 */
export type { ReplyTemplate } from './actions/action.js';
export type { ParseMode } from './actions/parse-modes.js';
export { type RenderedReply, type ReplyOptions, renderReplyTemplate } from './actions/reply-template.js';
export type { TemplateVars } from './actions/variables.js';
export { type CloseOptions, type CompleteOptions, createLlmClient, type LlmClient } from './client/client.js';
export type { EngineLook } from './client/look.js';
export type { CallOptions } from './client/open-call.js';
export type { LlmClientOptions, OnFailure } from './client/options.js';
export type { QuotaState } from './client/quota.js';
export type { ChatRequest, PromptRequest } from './client/requests.js';
export type { LlmStream, StreamAbout } from './client/streaming.js';
export { BotllmError, type ErrorCode, isBotllmError } from './errors.js';
export type { EventSink, LlmEvent, LlmEventName } from './observability/events.js';
export { BotPromptConfigs } from './prompts/bot-prompt-configs.js';
export {
  definePrompt,
  type PromptDefinition,
  type PromptExample,
  type PromptText,
} from './prompts/define-prompt.js';
export type { ImproveData, ImproveInput } from './prompts/improve.js';
export type { IntentData, IntentInput } from './prompts/intent.js';
export { LLMPrompts } from './prompts/llm-prompts.js';
export type { MenuData, MenuInput } from './prompts/menu.js';
export type { MenuItem } from './prompts/menu-texts.js';
export type { AnswerFacts, LabelQuestion, PromptConfig } from './prompts/prompt-config.js';
export type { ValidationData, ValidationInput } from './prompts/validate.js';
export { type Env, settingsFromEnv } from './settings/read.js';
export type { Settings } from './settings/table.js';
export type { Store } from './stores/contract.js';
export type {
  AnswerSource,
  ChatMessage,
  CompletionResult,
  ConfidenceMethod,
  FinishReason,
  Priority,
  Usage,
} from './types.js';
