import path from 'node:path';
import { CONFIG_LIMIT_BYTES, type FileContent, readConfigText } from './config-file.js';
import { ENV_LIMIT_BYTES, readEnvText, strayNames } from './env-file.js';
import { configFilesIn, findProjectFile } from './find.js';
import type { Folders } from './home.js';
import type { ConfiguredIntents } from './intents.js';
import { MESSAGES } from './messages.js';
import { inOrder, type Problem } from './problem.js';
import { refusePrograms, withheldSecrets } from './project-limits.js';
import type { Env } from './read.js';
import { readSmallText } from './read-text.js';
import { envValues, flagValues, type Resolved, resolveLayers } from './resolve.js';
import type { GivenValues, LayerName, Source, Suggest } from './source.js';
import type { SettingKey } from './table.js';
import { wasPlanted } from './trust.js';

export interface ConfigurationRequest {
  /** Of the shell, as it is. */
  env: Env;
  flags: Parameters<typeof flagValues>[0];
  folders: Folders;
  /** `--config`: takes the place of the project's file. */
  configFile?: string | undefined;
  suggest: Suggest;
}

/** Where configuration was looked for and found. */
export interface ConfigurationFiles {
  /** Every folder that was searched for the project's file. */
  searched: string[];
  project?: string;
  user?: string;
  env?: string;
}

export interface Configuration extends Resolved {
  intents?: ConfiguredIntents;
  /** Where the intents stand. */
  intentsSource?: { layer: LayerName; file: string };
  files: ConfigurationFiles;
  /** Files that were left alone, in words: worth a line whatever the command. */
  notices: string[];
  /** Secrets that are not sent because a project's file names the address, with the words for it. */
  withheld: Partial<Record<SettingKey, string>>;
  /** `home` as it is without the project's files: where code is run from. */
  ownHome: string | undefined;
  /** Variables of the shell and of `.env` that look like ours and are none, in words. */
  strays: string[];
}

const NOTHING: FileContent = { values: new Map(), problems: [] };

/**
 * Flags, then the shell, then `.env` of the current folder, then the project's file, then the user's.
 * What is wrong is collected, not thrown, so that `config` can speak about a broken configuration.
 */
export async function loadConfiguration(request: ConfigurationRequest): Promise<Configuration> {
  const { env, flags, folders, suggest } = request;
  const envPath = path.join(folders.cwd, '.env');
  // These few are read at once: the first file that Node reads beside its work starts four threads.
  const project = projectFile(request);
  const user = configFilesIn(folders.userConfig);
  const dotenv = readEnvFile(envPath);
  const [projectPath] = project.files;
  // A command that is typed inside the user's configuration folder finds the same file on both ways.
  const [userPath] = user.filter((file) => file !== projectPath);
  const [fromProject, fromUser] = await Promise.all([
    readOne(projectPath, 'project', suggest),
    readOne(userPath, 'user', suggest),
  ]);
  // A file that the user named, or keeps in a folder of his own, is his word.
  const isOwn = request.configFile !== undefined || isIn(folders.userConfig, projectPath);
  const cameAlong = ({ layer }: Source) => layer === '.env' || (layer === 'project' && !isOwn);
  const inEnv = refusePrograms(dotenv.values, folders.userConfig);
  const inProject = isOwn
    ? { ...fromProject, problems: [] }
    : refusePrograms(fromProject.values, folders.userConfig);
  const own: GivenValues[] = [flagValues(flags), envValues(env)];
  const resolved = resolveLayers([...own, inEnv.values, inProject.values, fromUser.values], folders.home);
  const ownHome = resolveLayers(
    [...own, ...(isOwn ? [inProject.values] : []), fromUser.values],
    folders.home,
  );
  const withheld = withheldSecrets(resolved.given, cameAlong);
  const isSent = ([key]: [string, unknown]) => withheld[key as SettingKey] === undefined;
  const [intents, intentsSource] = fromProject.intents
    ? [fromProject.intents, { layer: 'project' as const, file: projectPath ?? '' }]
    : [fromUser.intents, { layer: 'user' as const, file: userPath ?? '' }];
  return {
    ...resolved,
    settings: Object.fromEntries(Object.entries(resolved.settings).filter(isSent)),
    problems: inOrder([
      ...dotenv.problems,
      ...inEnv.problems,
      ...twoFiles(project.files),
      ...fromProject.problems,
      ...inProject.problems,
      ...twoFiles(user),
      ...fromUser.problems,
      ...resolved.problems,
    ]),
    ...(intents ? { intents, intentsSource } : {}),
    files: {
      searched: project.folders,
      ...(projectPath ? { project: projectPath } : {}),
      ...(userPath ? { user: userPath } : {}),
      ...(dotenv.file ? { env: dotenv.file } : {}),
    },
    withheld,
    ownHome: ownHome.settings.home,
    notices: [...project.planted, ...(dotenv.planted ? [envPath] : [])].map(MESSAGES.plantedFile),
    strays: strayNames([...Object.keys(env), ...dotenv.names], suggest),
  };
}

function projectFile({ configFile, folders }: ConfigurationRequest) {
  if (configFile === undefined) return findProjectFile(folders.cwd, folders.home);
  return { files: [path.resolve(folders.cwd, configFile)], planted: [], folders: [] };
}

/** Reads one configuration file; with `undefined` it says nothing. */
export async function readOne(
  file: string | undefined,
  layer: LayerName,
  suggest: Suggest,
): Promise<FileContent> {
  if (file === undefined) return NOTHING;
  const read = readSmallText(file, CONFIG_LIMIT_BYTES);
  if ('text' in read) return readConfigText(file, read.text, layer, suggest);
  return { values: new Map(), problems: [{ file, message: read.refusal }] };
}

interface EnvFile {
  file?: string;
  values: GivenValues;
  problems: Problem[];
  /** All that it holds, ours or not. */
  names: string[];
  /** A stranger may have put it there, so it was not read. */
  planted?: true;
}

/** Most folders have no `.env`, and some have a folder of that name (a Python environment). */
function readEnvFile(file: string): EnvFile {
  if (wasPlanted(file)) return { values: new Map(), problems: [], names: [], planted: true };
  const read = readSmallText(file, ENV_LIMIT_BYTES);
  if ('text' in read) return { file, ...readEnvText(file, read.text) };
  const problems = read.missing || read.folder ? [] : [{ file, message: read.refusal }];
  return { values: new Map(), problems, names: [] };
}

function isIn(folder: string, file: string | undefined): boolean {
  return file !== undefined && path.dirname(file) === path.resolve(folder);
}

function twoFiles([first, second]: readonly string[]): Problem[] {
  return first && second ? [{ file: first, message: MESSAGES.twoFiles(path.basename(second)) }] : [];
}
