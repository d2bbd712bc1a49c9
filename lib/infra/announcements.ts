import { Duration } from 'aws-cdk-lib';
import { EventBus } from 'aws-cdk-lib/aws-events';
import type { IGrantable } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { ANNOUNCEMENT_SOURCE, type AnnouncementType } from '#core/announce/announcement.ts';
import { permit } from './permissions.ts';

/** Long enough to notice that nobody listened, and to play it back. */
const ARCHIVED = Duration.days(30);

/** The bus that budget warnings and reviews are told on: anyone with a rule of their own may listen. */
export class Announcements extends Construct {
  readonly bus: EventBus;

  constructor(scope: Construct, id: string, { environment }: { readonly environment: string }) {
    super(scope, id);
    this.bus = new EventBus(this, 'Bus', {
      eventBusName: `kt-${environment}`,
      description: 'Keeptrusts: what people may want to act on; ids and numbers, never text',
    });
    this.bus.archive('Archive', {
      description: 'What was announced, to be played back',
      eventPattern: { source: [ANNOUNCEMENT_SOURCE] },
      retention: ARCHIVED,
    });
  }

  /** Lets a function announce these, in our name, and nothing else. */
  grantAnnounce(grantee: IGrantable, ...types: AnnouncementType[]): void {
    permit(grantee, ['events:PutEvents'], [this.bus.eventBusArn], {
      StringEquals: { 'events:source': ANNOUNCEMENT_SOURCE, 'events:detail-type': types },
    });
  }
}
