// Made by `python -m deploy.clients.typescript`; changed there, never here.

import {
  AuditRoutes,
  CalibrationRoutes,
  CollectionsRoutes,
  EventsRoutes,
  FacesRoutes,
  GroupsRoutes,
  HealthRoutes,
  KeysRoutes,
  ModelsRoutes,
  NegativesRoutes,
  OperationsRoutes,
  ReceiptsRoutes,
  RecognitionRoutes,
  RepresentativeRoutes,
  ReviewRoutes,
  RightsRoutes,
  SequencesRoutes,
  ServerRoutes,
  SessionsRoutes,
  SettingsRoutes,
  SightingsRoutes,
  StylesRoutes,
  SubjectsRoutes,
} from "./groups.ts";
import { Jobs } from "../jobs.ts";
import type { Picture } from "../requests.ts";
import type { Sender } from "../transport.ts";

/** Every route, by what it is about; those that recognize stand here. */
export class Routes<P = Picture> extends RecognitionRoutes<P> {
  readonly audit: AuditRoutes;
  readonly calibration: CalibrationRoutes;
  readonly collections: CollectionsRoutes;
  readonly events: EventsRoutes;
  readonly faces: FacesRoutes<P>;
  readonly groups: GroupsRoutes;
  readonly health: HealthRoutes;
  readonly jobs: Jobs;
  readonly keys: KeysRoutes;
  readonly models: ModelsRoutes;
  readonly negatives: NegativesRoutes;
  readonly operations: OperationsRoutes;
  readonly receipts: ReceiptsRoutes;
  readonly representative: RepresentativeRoutes;
  readonly review: ReviewRoutes;
  readonly rights: RightsRoutes;
  readonly sequences: SequencesRoutes<P>;
  readonly server: ServerRoutes;
  readonly sessions: SessionsRoutes;
  readonly settings: SettingsRoutes;
  readonly sightings: SightingsRoutes;
  readonly styles: StylesRoutes<P>;
  readonly subjects: SubjectsRoutes;

  constructor(sender: Sender) {
    super(sender);
    this.audit = new AuditRoutes(sender);
    this.calibration = new CalibrationRoutes(sender);
    this.collections = new CollectionsRoutes(sender);
    this.events = new EventsRoutes(sender);
    this.faces = new FacesRoutes(sender);
    this.groups = new GroupsRoutes(sender);
    this.health = new HealthRoutes(sender);
    this.jobs = new Jobs(sender);
    this.keys = new KeysRoutes(sender);
    this.models = new ModelsRoutes(sender);
    this.negatives = new NegativesRoutes(sender);
    this.operations = new OperationsRoutes(sender);
    this.receipts = new ReceiptsRoutes(sender);
    this.representative = new RepresentativeRoutes(sender);
    this.review = new ReviewRoutes(sender);
    this.rights = new RightsRoutes(sender);
    this.sequences = new SequencesRoutes(sender);
    this.server = new ServerRoutes(sender);
    this.sessions = new SessionsRoutes(sender);
    this.settings = new SettingsRoutes(sender);
    this.sightings = new SightingsRoutes(sender);
    this.styles = new StylesRoutes(sender);
    this.subjects = new SubjectsRoutes(sender);
  }
}
