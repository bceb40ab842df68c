import { execa } from 'execa';
import { RedisServer } from './redis-server.js';

const HANG_MS = 60_000;

/** Three masters on loopback that share the slots. */
export class RedisCluster implements AsyncDisposable {
  private constructor(readonly nodes: readonly RedisServer[]) {}

  static async start(): Promise<RedisCluster> {
    const nodes: RedisServer[] = [];
    try {
      // One after another: each takes a port, and one 10,000 above it to talk with the others.
      for (let i = 0; i < 3; i++) nodes.push(await startNode());
      const addresses = nodes.map(({ port }) => `127.0.0.1:${port}`);
      await execa('redis-cli', ['--cluster', 'create', ...addresses, '--cluster-yes'], { timeout: HANG_MS });
      const end = Date.now() + HANG_MS;
      for (const node of nodes)
        while (!(await node.cli('CLUSTER', 'INFO')).includes('cluster_state:ok'))
          if (Date.now() > end) throw new Error('the cluster does not come up');
      return new RedisCluster(nodes);
    } catch (error) {
      await Promise.all(nodes.map((node) => node.stop()));
      throw error;
    }
  }

  /** All nodes, as an operator would write them. */
  get url(): string {
    return `redis://${this.nodes.map(({ port }) => `127.0.0.1:${port}`).join(',')}`;
  }

  /** Runs a command on every node and adds up what it says. */
  async sum(...command: string[]): Promise<number> {
    const said = await Promise.all(this.nodes.map((node) => node.cli(...command)));
    return said.reduce((sum, one) => sum + Number(one), 0);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.nodes.map((node) => node.stop()));
  }
}

/** A port above 55,535 leaves no room for its second one; a free one may be taken by then. */
async function startNode(): Promise<RedisServer> {
  for (let left = 20; ; left -= 1) {
    try {
      return await RedisServer.start({
        args: ['--cluster-enabled', 'yes', '--cluster-node-timeout', '2000'],
      });
    } catch (error) {
      if (left === 0) throw error;
    }
  }
}
