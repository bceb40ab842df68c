import { type ServicePlan, writtenFor } from './plan.js';
import { STOP_SECONDS } from './systemd-unit.js';

/** launchd's own pause between two starts; it does not grow. */
const PAUSE_SECONDS = 10;

/** A property list for a LaunchAgent (launchd.plist(5)): started at login, and again when it did not end well. */
export function launchdPlist(plan: ServicePlan, label: string, log: string): string {
  const strings = [plan.program, ...plan.args].map((arg) => `    <string>${xml(arg)}</string>`);
  const variables = Object.entries(plan.env).map(
    ([name, value]) => `    <key>${xml(name)}</key>\n    <string>${xml(value)}</string>`,
  );
  const text = (key: string, value: string) => `  <key>${key}</key>\n  <string>${xml(value)}</string>`;
  return `${[
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">',
    '<plist version="1.0">',
    '<dict>',
    text('Comment', writtenFor(plan.home)),
    text('Label', label),
    ['  <key>ProgramArguments</key>', '  <array>', ...strings, '  </array>'].join('\n'),
    ['  <key>EnvironmentVariables</key>', '  <dict>', ...variables, '  </dict>'].join('\n'),
    text('WorkingDirectory', plan.home),
    '  <key>RunAtLoad</key>\n  <true/>',
    '  <key>KeepAlive</key>\n  <dict>\n    <key>SuccessfulExit</key>\n    <false/>\n  </dict>',
    `  <key>ThrottleInterval</key>\n  <integer>${PAUSE_SECONDS}</integer>`,
    `  <key>ExitTimeOut</key>\n  <integer>${STOP_SECONDS}</integer>`,
    // Without it macOS slows down what it takes for background work.
    text('ProcessType', 'Interactive'),
    text('StandardOutPath', log),
    text('StandardErrorPath', log),
    '</dict>',
    '</plist>',
  ].join('\n')}\n`;
}

/** @internal also what `whose` looks for in a file */
export function xml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
