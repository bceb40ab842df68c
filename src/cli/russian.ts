import { MESSAGES as actions } from '../actions/messages.ru.js';
import { messages as benchCompare } from '../bench/compare/messages.ru.js';
import { messages as benchLifecycle } from '../bench/lifecycle/messages.ru.js';
import { messages as bench } from '../bench/messages.ru.js';
import { messages as benchRecords } from '../bench/records/messages.ru.js';
import { messages as benchReport } from '../bench/report/messages.ru.js';
import { MESSAGES as client } from '../client/messages.ru.js';
import { SAY as doctor, FIREWALL as doctorFirewall, FIX as doctorFix } from '../doctor/messages.ru.js';
import { LOGS as enginesContainerLogs, SAY as enginesDocker } from '../engines/compose/docker-messages.ru.js';
import { SAY as enginesCompose } from '../engines/compose/messages.ru.js';
import { messages as engines } from '../engines/messages.ru.js';
import { serviceMessages as engineService } from '../engines/service/messages.ru.js';
import { MESSAGES as evaluation } from '../eval/messages.ru.js';
import { LISTENING as gateway } from '../gateway/messages.ru.js';
import type { Translation } from '../language.js';
import { CATALOGUE_TEXTS } from '../models/catalogue.ru.js';
import { SAY as models, WHY_BROKEN as modelsBroken } from '../models/messages.ru.js';
import { REFUSALS as prompts } from '../prompts/messages.ru.js';
import { MESSAGES as settings } from '../settings/messages.ru.js';
import { SETTING_TEXTS } from '../settings/rows.ru.js';
import { storeMessages as stores } from '../stores/messages.ru.js';
import { TUI_TEXTS } from '../tui/keys.ru.js';
import { tuiMessages as tui } from '../tui/messages.ru.js';
import { lifecycleMessages as cliBenchLifecycle } from './bench-lifecycle-messages.ru.js';
import { benchMessages as cliBench } from './bench-messages.ru.js';
import { chatMessages as cliChat } from './chat-messages.ru.js';
import { compareMessages as cliCompare } from './compare-messages.ru.js';
import { containerMessages as cliContainer } from './container-messages.ru.js';
import { doctorMessages as cliDoctor } from './doctor-messages.ru.js';
import { evalMessages as cliEval } from './eval-messages.ru.js';
import { improveMessages as cliImprove } from './improve-messages.ru.js';
import { messages as cli } from './messages.ru.js';
import { metricsMessages as cliMetrics } from './metrics-messages.ru.js';
import { reportMessages as cliReport } from './report-messages.ru.js';
import { ASKING } from './russian/asking.js';
import { EVERYWHERE } from './russian/everywhere.js';
import { LABELS } from './russian/labels.js';
import { MEASURING } from './russian/measuring.js';
import { RUNNING } from './russian/running.js';
import { serveMessages as cliServe } from './serve-messages.ru.js';
import { serviceWords } from './service-messages.ru.js';
import { tryWords } from './try-messages.ru.js';
import { usageMessages as cliUsage } from './usage-messages.ru.js';

/** Everything that botllm says in Russian; loaded when Russian is spoken, and never else. */
export const RUSSIAN: Translation = {
  catalogues: {
    actions,
    'bench/compare': benchCompare,
    'bench/lifecycle': benchLifecycle,
    bench,
    'bench/records': benchRecords,
    'bench/report': benchReport,
    'cli/bench-lifecycle': cliBenchLifecycle,
    'cli/bench': cliBench,
    'cli/chat': cliChat,
    'cli/compare': cliCompare,
    'cli/container': cliContainer,
    'cli/doctor': cliDoctor,
    'cli/eval': cliEval,
    'cli/improve': cliImprove,
    cli,
    'cli/service': serviceWords,
    'cli/try': tryWords,
    'engines/service': engineService,
    'cli/metrics': cliMetrics,
    'cli/report': cliReport,
    'cli/serve': cliServe,
    'cli/usage': cliUsage,
    client,
    doctor,
    'doctor/fix': doctorFix,
    'doctor/firewall': doctorFirewall,
    'engines/docker': enginesDocker,
    'engines/container-logs': enginesContainerLogs,
    'engines/compose': enginesCompose,
    engines,
    eval: evaluation,
    gateway,
    models,
    'models/broken': modelsBroken,
    prompts,
    settings,
    stores,
    tui,
  },
  texts: {
    ...CATALOGUE_TEXTS,
    ...SETTING_TEXTS,
    ...LABELS,
    ...RUNNING,
    ...ASKING,
    ...MEASURING,
    ...EVERYWHERE,
    ...TUI_TEXTS,
  },
};

/** The CLI's own part, and what is said before a daemon begins. */
export function ownWords(): Translation {
  const own = Object.entries(RUSSIAN.catalogues).filter(([name]) => /^(cli|settings|gateway)\b/.test(name));
  return { ...RUSSIAN, catalogues: Object.fromEntries(own) };
}
