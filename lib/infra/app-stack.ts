import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { PackRemote, Target } from '#core/pack/pack.ts';
import { appsOf } from '#env/environment.ts';
import { AlarmBell } from './alarm-bell.ts';
import { Announcements } from './announcements.ts';
import { AppProfiles } from './app-profiles.ts';
import { AuditTrail } from './audit-trail.ts';
import type { DataStack } from './data-stack.ts';
import { GatewayDoor, type GatewayDoorProps } from './gateway-door.ts';
import type { House } from './house-function.ts';
import { tagComponent } from './house-tags.ts';
import { NoticeBoard } from './notice-board.ts';
import { OperatorConsole } from './operator-console.ts';
import { ReviewDesk } from './review-desk.ts';
import { Sweep } from './sweep.ts';
import {
  watchAnnouncements,
  watchBudgets,
  watchBypasses,
  watchDetectors,
  watchFunctions,
  watchProviders,
  watchRecords,
  watchReviews,
  watchTrail,
} from './watch-app.ts';

export interface AppStackProps extends StackProps {
  readonly house: House;
  readonly data: DataStack;
  readonly acceptProviderKey: boolean;
  readonly remotes: readonly PackRemote[];
  /** What the pack calls. */
  readonly targets: readonly Target[];
}

/** Everything that runs; it can be thrown away and deployed again. */
export class AppStack extends Stack {
  readonly announcements: Announcements;
  readonly trail: AuditTrail;
  readonly reviews: ReviewDesk;
  readonly profiles: AppProfiles;
  /** `Gateway` for all apps, `Gateway<App>` for each dedicated one. */
  readonly gateways: Readonly<Record<string, GatewayDoor>>;
  readonly console: OperatorConsole;
  readonly sweep: Sweep;
  readonly bell: AlarmBell;
  readonly notices: NoticeBoard;

  constructor(scope: Construct, id: string, props: AppStackProps) {
    super(scope, id, props);
    const { house, data } = props;
    this.announcements = new Announcements(this, 'Announcements', { environment: house.name });
    const told = { house, data, announcements: this.announcements };
    this.trail = new AuditTrail(this, 'AuditTrail', told);
    const shared = { house, data, trail: this.trail };
    this.reviews = new ReviewDesk(this, 'Reviews', { ...told, trail: this.trail });
    const { region, bedrock } = house.environment;
    this.profiles = new AppProfiles(this, 'Profiles', {
      environment: house.name,
      region,
      apps: appsOf(house.environment),
      targets: bedrock.inference_profiles ? props.targets : [],
    });
    this.gateways = this.addGateways({
      ...shared,
      reviews: this.reviews,
      acceptProviderKey: props.acceptProviderKey,
      remotes: props.remotes,
      targets: props.targets,
      profiles: this.profiles,
    });
    this.console = new OperatorConsole(this, 'Console', {
      ...shared,
      reviews: this.reviews,
      gatewayUrls: this.gatewayUrls(),
    });
    this.sweep = new Sweep(this, 'Sweep', { ...told, ...shared, reviews: this.reviews });
    this.bell = new AlarmBell(this, 'Alarms', { email: house.environment.alarms.email });
    this.notices = new NoticeBoard(this, 'Notices', {
      bus: this.announcements.bus,
      emails: house.environment.notifications.email,
      consoleUrl: this.console.url.url,
    });

    this.watch();
    this.tag();
    this.addOutputs();
  }

  private addGateways(props: GatewayDoorProps): Record<string, GatewayDoor> {
    const doors: Record<string, GatewayDoor> = { Gateway: new GatewayDoor(this, 'Gateway', props) };
    for (const app of appsOf(props.house.environment).filter(({ dedicated }) => dedicated)) {
      const id = `Gateway${pascalCase(app.id)}`;
      doors[id] = new GatewayDoor(this, id, { ...props, dedicated: app });
    }
    return doors;
  }

  private gatewayUrls(): Record<string, string> {
    const doors = Object.values(this.gateways);
    return Object.fromEntries(doors.map(({ app, url }) => [app ?? '*', url.url]));
  }

  private watch(): void {
    const gateways = Object.fromEntries(
      Object.entries(this.gateways).map(([id, door]) => [id, door.function]),
    );
    const senders = {
      ...gateways,
      Console: this.console.function,
      ReviewDecide: this.reviews.decide,
      ReviewSettle: this.reviews.settle,
      Sweeper: this.sweep.sweeper,
    };
    watchFunctions(this.bell, { ...senders, Recorder: this.trail.recorder, ReviewOpen: this.reviews.open });
    watchRecords(this.bell, senders);
    watchBypasses(this.bell, gateways);
    watchBudgets(this.bell, gateways, { Recorder: this.trail.recorder });
    watchProviders(this.bell, gateways);
    watchDetectors(this.bell, gateways);
    watchTrail(this.bell, this.trail);
    watchReviews(this.bell, this.reviews);
    watchAnnouncements(this.bell, this.notices, {
      Recorder: this.trail.recorder,
      ReviewOpen: this.reviews.open,
      ReviewDecide: this.reviews.decide,
      ReviewSettle: this.reviews.settle,
      Sweeper: this.sweep.sweeper,
    });
  }

  private tag(): void {
    tagComponent(this.announcements, 'announcements');
    tagComponent(this.notices, 'announcements');
    tagComponent(this.trail, 'audit-trail');
    tagComponent(this.profiles, 'gateway');
    tagComponent(this.reviews, 'review');
    tagComponent(this.console, 'console');
    tagComponent(this.sweep, 'sweeper');
    tagComponent(this.bell, 'alarms');
    for (const door of Object.values(this.gateways)) tagComponent(door, 'gateway');
  }

  private addOutputs(): void {
    for (const [id, door] of Object.entries(this.gateways)) {
      new CfnOutput(this, id.replace('Gateway', 'GatewayUrl'), { value: door.url.url });
    }
    new CfnOutput(this, 'ConsoleUrl', { value: this.console.url.url });
    new CfnOutput(this, 'EventQueueUrl', { value: this.trail.queue.queueUrl });
    new CfnOutput(this, 'DeadLetterQueueUrl', { value: this.trail.deadLetters.queueUrl });
    new CfnOutput(this, 'ReviewMachineArn', { value: this.reviews.machine.stateMachineArn });
    new CfnOutput(this, 'AlarmTopicArn', { value: this.bell.topic.topicArn });
    new CfnOutput(this, 'EventBusName', { value: this.announcements.bus.eventBusName });
    new CfnOutput(this, 'NoticeTopicArn', { value: this.notices.topic.topicArn });
  }
}

/** `support-bot` → `SupportBot`. */
function pascalCase(id: string): string {
  return id.replace(/(^|-)([a-z0-9])/g, (_, __, letter: string) => letter.toUpperCase());
}
