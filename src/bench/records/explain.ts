import { judge, meanOf } from '../load/judged.js';
import { levelName } from '../report/level-name.js';
import type { BenchReport } from '../report/schema.js';
import { metricsOf } from '../trace/metrics.js';
import { OTHER_TOOLS, type OtherTool, otherTools, type ToolFigures } from '../trace/other-tools.js';
import { fromLines, type RequestLine } from './request-line.js';

/** Means over the measured requests, in milliseconds. */
export interface Said {
  tool: OtherTool | 'botllm';
  ttft_ms?: number;
  itl_ms?: number;
  tpot_ms?: number;
}

export interface ExplainedLevel {
  target: string;
  level: string;
  tools: Said[];
}

/** What other tools would have said of the very same answers, level by level, ours first. */
export function explain({ targets }: BenchReport, lines: readonly RequestLine[]): ExplainedLevel[] {
  return targets.flatMap((target, at) =>
    target.results.flatMap((result, level): ExplainedLevel[] => {
      const own = lines.filter((line) => line.target === at && line.level === level);
      const traces = judge(fromLines(own)).map(({ sent }) => sent.trace);
      const said = traces.flatMap((trace) => otherTools(trace) ?? []);
      if (said.length === 0) return [];
      const ours = traces.flatMap((trace) => metricsOf(trace) ?? []);
      const tools = [
        saidBy('botllm', ours),
        ...OTHER_TOOLS.map((tool) =>
          saidBy(
            tool,
            said.map((figures) => figures[tool]),
          ),
        ),
      ];
      return [{ target: target.id, level: levelName(result), tools }];
    }),
  );
}

function saidBy(tool: Said['tool'], figures: readonly ToolFigures[]): Said {
  const means = {
    ttft_ms: meanOf(figures.map(({ ttftMs }) => ttftMs)),
    itl_ms: meanOf(figures.map(({ itlMs }) => itlMs)),
    tpot_ms: meanOf(figures.map(({ tpotMs }) => tpotMs)),
  };
  return { tool, ...Object.fromEntries(Object.entries(means).filter(([, mean]) => mean !== undefined)) };
}
