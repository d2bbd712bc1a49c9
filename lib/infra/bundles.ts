import { join } from 'node:path';
import { Architecture, Runtime } from 'aws-cdk-lib/aws-lambda';
import {
  type BundlingOptions,
  LogLevel,
  type NodejsFunctionProps,
  OutputFormat,
} from 'aws-cdk-lib/aws-lambda-nodejs';
import type { FunctionName } from '#env/functions.ts';

const BEDROCK_CLIENT = '@aws-sdk/client-bedrock-runtime';

export interface BundlesProps {
  /** The project's folder. */
  readonly root: string;
  /** Absolute path of the compiled `deployment.json`. */
  readonly deploymentFile: string;
  /** Absolute path of the built console page. */
  readonly pageFolder: string;
  /** The pack calls Bedrock: only then its client is worth its place in the gateway. */
  readonly withBedrock: boolean;
}

/** How the functions of an environment are bundled: one ES module with the SDK inside, and the deployment beside it. */
export class Bundles {
  readonly #props: BundlesProps;

  constructor(props: BundlesProps) {
    this.#props = props;
  }

  /** What NodejsFunction needs to know about one function's code. */
  of(name: FunctionName): NodejsFunctionProps {
    const { root } = this.#props;
    return {
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      projectRoot: root,
      depsLockFilePath: join(root, 'package-lock.json'),
      entry: join(root, 'lambdas', `${name}.ts`),
      handler: 'handler',
      awsSdkConnectionReuse: false, // the SDK of today does it by itself
      bundling: this.bundling(name),
    };
  }

  private bundling(name: FunctionName): BundlingOptions {
    const { deploymentFile, pageFolder, withBedrock } = this.#props;
    return {
      format: OutputFormat.ESM,
      mainFields: ['module', 'main'], // half the size and start-up time of CDK's default (research/aws.md §3)
      minify: true,
      logLevel: LogLevel.WARNING,
      bundleAwsSDK: true,
      externalModules: withBedrock ? [] : [BEDROCK_CLIENT],
      commandHooks: {
        beforeInstall: () => [],
        beforeBundling: () => [],
        afterBundling: (_input, output) => [
          copy(deploymentFile, join(output, 'deployment.json')),
          ...(name === 'console' ? [copy(pageFolder, join(output, 'console'))] : []),
        ],
      },
    };
  }
}

/** A shell command that copies a file or folder; Node is the one tool that every operating system here has. */
function copy(from: string, to: string): string {
  const script =
    "const [from, to] = process.argv.slice(1); require('node:fs').cpSync(from, to, { recursive: true })";
  return ['node', '-e', script, '--', from, to].map((word) => `"${word.replaceAll('\\', '/')}"`).join(' ');
}
