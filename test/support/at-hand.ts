import { execFileSync } from 'node:child_process';

/**
 * Whether a program of the system is there. With CI=true it has to be: `.ci/run` installs it; elsewhere the tests that
 * need it are skipped with a line that says so.
 */
export function atHand(program: string, args: readonly string[], debianPackage: string): boolean {
  try {
    execFileSync(program, args, { stdio: 'ignore', timeout: 30_000 });
    return true;
  } catch (error) {
    if (process.env.CI === 'true') throw new Error(`CI=true and there is no ${program}`, { cause: error });
    process.stderr.write(
      `skipped: there is no ${program} (Debian: ${debianPackage}), and these tests need it\n`,
    );
    return false;
  }
}
