// Made by `python -m deploy.clients.typescript`; changed there, never here.

import type {
  Answered,
  AuditEntry,
  Calibrations,
  Caller,
  ChangedGroup,
  Collection,
  DateAnswer,
  DeadDelivery,
  Denied,
  Detection,
  Discarded,
  Embeddings,
  EndedSessions,
  Enrolment,
  Face,
  Forgotten,
  GroupPage,
  GroupSummary,
  HealthHealth,
  Job,
  Key,
  KeyWithSecret,
  Merged,
  ModelCard,
  Models,
  Moved,
  Named,
  Negative,
  NewWebhook,
  Operation,
  OperationHealth,
  Ready,
  Receipt,
  ReceiptKeys,
  Recognition,
  ReencodingForecast,
  Representative,
  Resent,
  RetentionRun,
  RevokedKey,
  Rights,
  SequenceRecognition,
  ServerSettings,
  Sessions,
  Sightings,
  SignedReceipt,
  Style,
  Subject,
  Suggestion,
  Undone,
  Verification,
  WebhookTest,
  Webhooks,
} from "./models.ts";
import type {
  AuditListOptions,
  CalibrationAcceptOptions,
  CollectionsCreateOptions,
  CollectionsEraseOptions,
  CollectionsForecastReencodingOptions,
  CollectionsListOptions,
  CollectionsReencodeOptions,
  CollectionsUpdateOptions,
  DetectOptions,
  EmbedOptions,
  EventsAddOptions,
  EventsDeadOptions,
  EventsEventsOptions,
  FacesEnrollOptions,
  FacesEraseOptions,
  FacesListOptions,
  GroupsAssignOptions,
  GroupsIgnoreOptions,
  GroupsListOptions,
  GroupsMergeOptions,
  GroupsSplitOptions,
  HealthCheckOptions,
  HealthOrderOptions,
  JobsListOptions,
  KeysCreateOptions,
  KeysLimitOptions,
  KeysListOptions,
  KeysRevokeOptions,
  KeysRotateOptions,
  ModelsPullOptions,
  NegativesDenyOptions,
  NegativesListOptions,
  OperationsListOptions,
  OperationsMoveFacesOptions,
  ReceiptsListOptions,
  RecognizeOptions,
  RepresentativeChooseOptions,
  ReviewAcceptOptions,
  ReviewListOptions,
  RightsChangeRightsOptions,
  RightsOrderRetentionOptions,
  SequencesEnrollOptions,
  SequencesReadDateOptions,
  SequencesRecognizeOptions,
  SightingsEraseSightingOptions,
  SightingsEraseSightingsOptions,
  SightingsListOptions,
  StylesCreateOptions,
  StylesListOptions,
  StylesTransferOptions,
  SubjectsCreateOptions,
  SubjectsEraseOptions,
  SubjectsListOptions,
  SubjectsMergeOptions,
  SubjectsUpdateOptions,
  VerifyClaimOptions,
  VerifyOptions,
} from "./options.ts";
import { address, type Call, type Picture } from "../requests.ts";
import type { ServerEvent } from "../events.ts";
import type { Listing } from "../lists.ts";
import type { Sender } from "../transport.ts";

export class AuditRoutes {
  protected readonly sender: Sender;

  constructor(sender: Sender) {
    this.sender = sender;
  }

  /**
   * Entries of the audit record, newest first; a bound key is given those of its collection.
   *
   * `GET /v1/audit`
   */
  list(options: AuditListOptions = {}, call: Call = {}): Listing<AuditEntry> {
    return this.sender.list(
      { method: "GET", path: address`/v1/audit`, query: options, repeatable: true },
      call,
    );
  }
}

export class CalibrationRoutes {
  protected readonly sender: Sender;

  constructor(sender: Sender) {
    this.sender = sender;
  }

  /**
   * The curve that the collection decides by, and the one that is proposed, side by side.
   *
   * `GET /v1/collections/{collection}/calibration`
   */
  show(collection: string, call: Call = {}): Promise<Calibrations> {
    return this.sender.json(
      { method: "GET", path: address`/v1/collections/${collection}/calibration`, repeatable: true },
      call,
    );
  }

  /**
   * Compare the collection's people with each other, and propose a curve of its own, as a job.
   *
   * Nothing is decided by it until it is accepted.
   *
   * `POST /v1/collections/{collection}/calibration`
   */
  order(collection: string, call: Call = {}): Promise<Job> {
    return this.sender.json(
      { method: "POST", path: address`/v1/collections/${collection}/calibration`, json: {}, repeatable: false },
      call,
    );
  }

  /**
   * Decide by the encoder's curve again, and forget what was proposed.
   *
   * `DELETE /v1/collections/{collection}/calibration`
   */
  drop(collection: string, call: Call = {}): Promise<Calibrations> {
    return this.sender.json(
      { method: "DELETE", path: address`/v1/collections/${collection}/calibration`, repeatable: false },
      call,
    );
  }

  /**
   * Decide by the proposed curve from now on.
   *
   * `POST /v1/collections/{collection}/calibration/accept`
   */
  accept(
    collection: string,
    options: CalibrationAcceptOptions,
    call: Call = {},
  ): Promise<Calibrations> {
    return this.sender.json(
      { method: "POST", path: address`/v1/collections/${collection}/calibration/accept`, json: options, repeatable: false },
      call,
    );
  }
}

export class CollectionsRoutes {
  protected readonly sender: Sender;

  constructor(sender: Sender) {
    this.sender = sender;
  }

  /**
   * Collections by name.
   *
   * `GET /v1/collections`
   */
  list(options: CollectionsListOptions = {}, call: Call = {}): Listing<Collection> {
    return this.sender.list(
      { method: "GET", path: address`/v1/collections`, query: options, repeatable: true },
      call,
    );
  }

  /**
   * Make a collection, bound to an encoder until it is re-encoded.
   *
   * `POST /v1/collections`
   */
  create(options: CollectionsCreateOptions, call: Call = {}): Promise<Collection> {
    return this.sender.json(
      { method: "POST", path: address`/v1/collections`, json: options, repeatable: false },
      call,
    );
  }

  /**
   * One collection and its size.
   *
   * `GET /v1/collections/{collection}`
   */
  get(collection: string, call: Call = {}): Promise<Collection> {
    return this.sender.json(
      { method: "GET", path: address`/v1/collections/${collection}`, repeatable: true },
      call,
    );
  }

  /**
   * Rename it, change its metadata, policy, or whether images of new faces are kept.
   *
   * A key that is bound to the collection cannot rename it.
   *
   * `PATCH /v1/collections/{collection}`
   */
  update(
    collection: string,
    options: CollectionsUpdateOptions = {},
    call: Call = {},
  ): Promise<Collection> {
    return this.sender.json(
      { method: "PATCH", path: address`/v1/collections/${collection}`, json: options, repeatable: true },
      call,
    );
  }

  /**
   * Erase the collection and everybody in it.
   *
   * `DELETE /v1/collections/{collection}`
   */
  erase(
    collection: string,
    options: CollectionsEraseOptions = {},
    call: Call = {},
  ): Promise<Receipt> {
    return this.sender.json(
      { method: "DELETE", path: address`/v1/collections/${collection}`, query: options, repeatable: options.dry_run === true },
      call,
    );
  }

  /**
   * Forecast what a re-encoding would lose, and how long it would take: a dry run.
   *
   * It counts and looks for files of pictures; no network runs.
   *
   * `GET /v1/collections/{collection}/reencodings`
   */
  forecastReencoding(
    collection: string,
    options: CollectionsForecastReencodingOptions,
    call: Call = {},
  ): Promise<ReencodingForecast> {
    return this.sender.json(
      { method: "GET", path: address`/v1/collections/${collection}/reencodings`, query: options, repeatable: true },
      call,
    );
  }

  /**
   * Encode every face anew from its kept image, then change over; the old encoder serves on.
   *
   * Cancelled or interrupted it leaves the collection as it was, and a second one goes on from
   * there.
   *
   * `POST /v1/collections/{collection}/reencodings`
   */
  reencode(collection: string, options: CollectionsReencodeOptions, call: Call = {}): Promise<Job> {
    return this.sender.json(
      { method: "POST", path: address`/v1/collections/${collection}/reencodings`, json: options, repeatable: false },
      call,
    );
  }

  /**
   * Store every template under the next secret rotation; the old one serves until all are ready.
   *
   * What was stolen of the old ones then fits nothing here. Cancelled or interrupted it leaves the
   * collection as it was, and a second one goes on from there.
   *
   * `POST /v1/collections/{collection}/renewals`
   */
  renew(collection: string, call: Call = {}): Promise<Job> {
    return this.sender.json(
      { method: "POST", path: address`/v1/collections/${collection}/renewals`, json: {}, repeatable: false },
      call,
    );
  }
}

export class EventsRoutes {
  protected readonly sender: Sender;

  constructor(sender: Sender) {
    this.sender = sender;
  }

  /**
   * Server-sent events: `sighted`, `recognized`, `enrolled`, `erased`, `group-named` and
   * `health-changed`; a bound key is told of its collection alone.
   *
   * The first event, `position`, says where the stream begins: now, or after `Last-Event-ID`. Its
   * `lost` says that events were removed before they could be told. Events are kept for 7 days,
   * the newest 100,000 of them.
   *
   * `GET /v1/events`
   */
  events(options: EventsEventsOptions = {}, call: Call = {}): AsyncGenerator<ServerEvent> {
    return this.sender.events(
      { method: "GET", path: address`/v1/events`, query: options, repeatable: true },
      call,
    );
  }

  /**
   * All of them, the oldest first.
   *
   * `GET /v1/webhooks`
   */
  list(call: Call = {}): Promise<Webhooks> {
    return this.sender.json(
      { method: "GET", path: address`/v1/webhooks`, repeatable: true },
      call,
    );
  }

  /**
   * Have an address told of what happens from now on. The secret is told this once.
   *
   * `POST /v1/webhooks`
   */
  add(options: EventsAddOptions, call: Call = {}): Promise<NewWebhook> {
    return this.sender.json(
      { method: "POST", path: address`/v1/webhooks`, json: options, repeatable: false },
      call,
    );
  }

  /**
   * Remove it, and what waits to be delivered to it.
   *
   * `DELETE /v1/webhooks/{webhook}`
   */
  remove(webhook: string, call: Call = {}): Promise<Resent> {
    return this.sender.json(
      { method: "DELETE", path: address`/v1/webhooks/${webhook}`, repeatable: false },
      call,
    );
  }

  /**
   * Call it now, with an event of the kind `test`.
   *
   * `POST /v1/webhooks/{webhook}/test`
   */
  test(webhook: string, call: Call = {}): Promise<WebhookTest> {
    return this.sender.json(
      { method: "POST", path: address`/v1/webhooks/${webhook}/test`, repeatable: false },
      call,
    );
  }

  /**
   * Deliveries that were given up, by id.
   *
   * `GET /v1/webhooks/{webhook}/dead`
   */
  dead(webhook: string, options: EventsDeadOptions = {}, call: Call = {}): Listing<DeadDelivery> {
    return this.sender.list(
      { method: "GET", path: address`/v1/webhooks/${webhook}/dead`, query: options, repeatable: true },
      call,
    );
  }

  /**
   * Send again what was given up.
   *
   * `POST /v1/webhooks/{webhook}/resend`
   */
  resend(webhook: string, call: Call = {}): Promise<Resent> {
    return this.sender.json(
      { method: "POST", path: address`/v1/webhooks/${webhook}/resend`, repeatable: false },
      call,
    );
  }
}

export class FacesRoutes<P = Picture> {
  protected readonly sender: Sender;

  constructor(sender: Sender) {
    this.sender = sender;
  }

  /**
   * Enrol images: one answer each. When all are refused, the first refusal is the status.
   *
   * A picture that the subject has already is answered with its face and not stored again; with
   * nothing else to store the status is 200.
   *
   * `POST /v1/collections/{collection}/subjects/{subject}/faces`
   */
  enroll(
    collection: string,
    subject: string,
    options: FacesEnrollOptions<P>,
    call: Call = {},
  ): Promise<Enrolment> {
    return this.sender.json(
      { method: "POST", path: address`/v1/collections/${collection}/subjects/${subject}/faces`, form: options, files: ["images"], repeatable: true, keyed: true },
      call,
    );
  }

  /**
   * Enrolled faces, oldest first.
   *
   * `GET /v1/collections/{collection}/faces`
   */
  list(collection: string, options: FacesListOptions = {}, call: Call = {}): Listing<Face> {
    return this.sender.list(
      { method: "GET", path: address`/v1/collections/${collection}/faces`, query: options, repeatable: true },
      call,
    );
  }

  /**
   * One face, without its template.
   *
   * `GET /v1/collections/{collection}/faces/{face}`
   */
  get(collection: string, face: number, call: Call = {}): Promise<Face> {
    return this.sender.json(
      { method: "GET", path: address`/v1/collections/${collection}/faces/${face}`, repeatable: true },
      call,
    );
  }

  /**
   * Erase one face: image, template, index entry, stored answers.
   *
   * `DELETE /v1/collections/{collection}/faces/{face}`
   */
  erase(
    collection: string,
    face: number,
    options: FacesEraseOptions = {},
    call: Call = {},
  ): Promise<Receipt> {
    return this.sender.json(
      { method: "DELETE", path: address`/v1/collections/${collection}/faces/${face}`, query: options, repeatable: options.dry_run === true },
      call,
    );
  }

  /**
   * The kept picture of the face, if the collection keeps them.
   *
   * `GET /v1/collections/{collection}/faces/{face}/image`
   */
  image(collection: string, face: number, call: Call = {}): Promise<Blob> {
    return this.sender.blob(
      { method: "GET", path: address`/v1/collections/${collection}/faces/${face}/image`, repeatable: true },
      call,
    );
  }
}

export class GroupsRoutes {
  protected readonly sender: Sender;

  constructor(sender: Sender) {
    this.sender = sender;
  }

  /**
   * Faces without a name by person, as far as they are alike, the largest group first.
   *
   * The faces of one are the sightings with `group`, those in none the sightings with `alone`.
   *
   * `GET /v1/collections/{collection}/groups`
   */
  list(collection: string, options: GroupsListOptions = {}, call: Call = {}): Promise<GroupPage> {
    return this.sender.json(
      { method: "GET", path: address`/v1/collections/${collection}/groups`, query: options, repeatable: true },
      call,
    );
  }

  /**
   * One group.
   *
   * `GET /v1/collections/{collection}/groups/{group}`
   */
  get(collection: string, group: string, call: Call = {}): Promise<GroupSummary> {
    return this.sender.json(
      { method: "GET", path: address`/v1/collections/${collection}/groups/${group}`, repeatable: true },
      call,
    );
  }

  /**
   * Erase the group's faces and their pictures.
   *
   * `DELETE /v1/collections/{collection}/groups/{group}`
   */
  discard(collection: string, group: string, call: Call = {}): Promise<Discarded> {
    return this.sender.json(
      { method: "DELETE", path: address`/v1/collections/${collection}/groups/${group}`, repeatable: false },
      call,
    );
  }

  /**
   * Give some of the group's faces a group of their own, which is the answer.
   *
   * Undone by `operation_id` within 30 days.
   *
   * `POST /v1/collections/{collection}/groups/{group}/split`
   */
  split(
    collection: string,
    group: string,
    options: GroupsSplitOptions,
    call: Call = {},
  ): Promise<ChangedGroup> {
    return this.sender.json(
      { method: "POST", path: address`/v1/collections/${collection}/groups/${group}/split`, json: options, repeatable: false },
      call,
    );
  }

  /**
   * Have another group's faces join this one; they show one person.
   *
   * Undone by `operation_id` within 30 days.
   *
   * `POST /v1/collections/{collection}/groups/{group}/merge`
   */
  merge(
    collection: string,
    group: string,
    options: GroupsMergeOptions,
    call: Call = {},
  ): Promise<ChangedGroup> {
    return this.sender.json(
      { method: "POST", path: address`/v1/collections/${collection}/groups/${group}/merge`, json: options, repeatable: false },
      call,
    );
  }

  /**
   * Leave the group out of the list, whoever joins it; or list it again.
   *
   * Undone by `operation_id` within 30 days.
   *
   * `POST /v1/collections/{collection}/groups/{group}/ignore`
   */
  ignore(
    collection: string,
    group: string,
    options: GroupsIgnoreOptions = {},
    call: Call = {},
  ): Promise<ChangedGroup> {
    return this.sender.json(
      { method: "POST", path: address`/v1/collections/${collection}/groups/${group}/ignore`, json: options, repeatable: false },
      call,
    );
  }

  /**
   * Group all faces without a name anew. Groups made by hand stay as they are; the others keep
   * their ids where most of their faces stay together.
   *
   * `POST /v1/collections/{collection}/groups/regroup`
   */
  regroup(collection: string, call: Call = {}): Promise<Job> {
    return this.sender.json(
      { method: "POST", path: address`/v1/collections/${collection}/groups/regroup`, json: {}, repeatable: false },
      call,
    );
  }

  /**
   * Enroll the group's faces into a subject, one that there is or a new one.
   *
   * Undone by `operation_id` within 30 days: the faces are of their group again, and what was
   * matched because of them is nobody's again.
   *
   * `POST /v1/collections/{collection}/groups/{group}/assign`
   */
  assign(
    collection: string,
    group: string,
    options: GroupsAssignOptions = {},
    call: Call = {},
  ): Promise<Named> {
    return this.sender.json(
      { method: "POST", path: address`/v1/collections/${collection}/groups/${group}/assign`, json: options, repeatable: false },
      call,
    );
  }
}

export class HealthRoutes {
  protected readonly sender: Sender;

  constructor(sender: Sender) {
    this.sender = sender;
  }

  /**
   * Check how well the collection's people are found and told apart, by its own faces.
   *
   * `GET /v1/collections/{collection}/health`
   */
  check(
    collection: string,
    options: HealthCheckOptions = {},
    call: Call = {},
  ): Promise<HealthHealth> {
    return this.sender.json(
      { method: "GET", path: address`/v1/collections/${collection}/health`, query: options, repeatable: true },
      call,
    );
  }

  /**
   * Check a collection of any size, as a job whose result is that of `GET`.
   *
   * `POST /v1/collections/{collection}/health`
   */
  order(collection: string, options: HealthOrderOptions = {}, call: Call = {}): Promise<Job> {
    return this.sender.json(
      { method: "POST", path: address`/v1/collections/${collection}/health`, json: options, repeatable: false },
      call,
    );
  }

  /**
   * Friends and strangers by how alike they are, as a PNG.
   *
   * `GET /v1/collections/{collection}/health/picture`
   */
  picture(collection: string, call: Call = {}): Promise<Blob> {
    return this.sender.blob(
      { method: "GET", path: address`/v1/collections/${collection}/health/picture`, repeatable: true },
      call,
    );
  }
}

export class JobsRoutes {
  protected readonly sender: Sender;

  constructor(sender: Sender) {
    this.sender = sender;
  }

  /**
   * The key's own jobs, an admin's all, newest first.
   *
   * `GET /v1/jobs`
   */
  list(options: JobsListOptions = {}, call: Call = {}): Listing<Job> {
    return this.sender.list(
      { method: "GET", path: address`/v1/jobs`, query: options, repeatable: true },
      call,
    );
  }

  /**
   * One job: its state, its progress, and why it failed if it did.
   *
   * `GET /v1/jobs/{job}`
   */
  get(job: string, call: Call = {}): Promise<Job> {
    return this.sender.json(
      { method: "GET", path: address`/v1/jobs/${job}`, repeatable: true },
      call,
    );
  }

  /**
   * Cancel it, waiting or running; what it was sent is removed. Its work ends in a second.
   *
   * `DELETE /v1/jobs/{job}`
   */
  cancel(job: string, call: Call = {}): Promise<Job> {
    return this.sender.json(
      { method: "DELETE", path: address`/v1/jobs/${job}`, repeatable: false },
      call,
    );
  }

  /**
   * The result of a job; of a failed job the problem, with the failure's code.
   *
   * `GET /v1/jobs/{job}/result`
   */
  result(job: string, call: Call = {}): Promise<Blob> {
    return this.sender.blob(
      { method: "GET", path: address`/v1/jobs/${job}/result`, repeatable: true },
      call,
    );
  }

  /**
   * Remove the result before its time.
   *
   * `DELETE /v1/jobs/{job}/result`
   */
  eraseResult(job: string, call: Call = {}): Promise<Job> {
    return this.sender.json(
      { method: "DELETE", path: address`/v1/jobs/${job}/result`, repeatable: false },
      call,
    );
  }

  /**
   * Server-sent events: `state`, `progress` and `preview`, until the job is settled.
   *
   * The first events tell how things are; with `Last-Event-ID`, only what changed since. A stream
   * ends after an hour at the latest: follow on with the last id.
   *
   * `GET /v1/jobs/{job}/events`
   */
  events(job: string, call: Call = {}): AsyncGenerator<ServerEvent> {
    return this.sender.events(
      { method: "GET", path: address`/v1/jobs/${job}/events`, repeatable: true },
      call,
    );
  }
}

export class KeysRoutes {
  protected readonly sender: Sender;

  constructor(sender: Sender) {
    this.sender = sender;
  }

  /**
   * Keys by id, those too that have ended.
   *
   * `GET /v1/keys`
   */
  list(options: KeysListOptions = {}, call: Call = {}): Listing<Key> {
    return this.sender.list(
      { method: "GET", path: address`/v1/keys`, query: options, repeatable: true },
      call,
    );
  }

  /**
   * Make a key. It is shown in this answer and never again.
   *
   * `POST /v1/keys`
   */
  create(options: KeysCreateOptions, call: Call = {}): Promise<KeyWithSecret> {
    return this.sender.json(
      { method: "POST", path: address`/v1/keys`, json: options, repeatable: false },
      call,
    );
  }

  /**
   * One key.
   *
   * `GET /v1/keys/{key}`
   */
  get(key: string, call: Call = {}): Promise<Key> {
    return this.sender.json(
      { method: "GET", path: address`/v1/keys/${key}`, repeatable: true },
      call,
    );
  }

  /**
   * End a key at once and for good.
   *
   * `DELETE /v1/keys/{key}`
   */
  revoke(key: string, options: KeysRevokeOptions = {}, call: Call = {}): Promise<RevokedKey> {
    return this.sender.json(
      { method: "DELETE", path: address`/v1/keys/${key}`, query: options, repeatable: options.dry_run === true },
      call,
    );
  }

  /**
   * Give the key a new secret, which is shown once; both are taken while they overlap.
   *
   * `POST /v1/keys/{key}/rotations`
   */
  rotate(key: string, options: KeysRotateOptions = {}, call: Call = {}): Promise<KeyWithSecret> {
    return this.sender.json(
      { method: "POST", path: address`/v1/keys/${key}/rotations`, json: options, repeatable: false },
      call,
    );
  }

  /**
   * Limit what the key may ask for, from its next request on.
   *
   * `PATCH /v1/keys/{key}/limits`
   */
  limit(key: string, options: KeysLimitOptions = {}, call: Call = {}): Promise<Key> {
    return this.sender.json(
      { method: "PATCH", path: address`/v1/keys/${key}/limits`, json: options, repeatable: true },
      call,
    );
  }
}

export class ModelsRoutes {
  protected readonly sender: Sender;

  constructor(sender: Sender) {
    this.sender = sender;
  }

  /**
   * Models: which there are, which are ready to serve, which does each task by default.
   *
   * `GET /v1/models`
   */
  list(call: Call = {}): Promise<Models> {
    return this.sender.json(
      { method: "GET", path: address`/v1/models`, repeatable: true },
      call,
    );
  }

  /**
   * A model's card: licence, data, limits, curve, figures; terms of what would be fetched.
   *
   * `GET /v1/models/{key}`
   */
  get(key: string, call: Call = {}): Promise<ModelCard> {
    return this.sender.json(
      { method: "GET", path: address`/v1/models/${key}`, repeatable: true },
      call,
    );
  }

  /**
   * Fetch a model's weights from where its manifest says, as a job; then it is ready.
   *
   * Where a licence restricts the use, it has to be accepted. Cancelled or interrupted, what has
   * arrived is kept, and the next one goes on from there.
   *
   * `POST /v1/models/{key}/pull`
   */
  pull(key: string, options: ModelsPullOptions = {}, call: Call = {}): Promise<Job> {
    return this.sender.json(
      { method: "POST", path: address`/v1/models/${key}/pull`, json: options, repeatable: false },
      call,
    );
  }
}

export class NegativesRoutes {
  protected readonly sender: Sender;

  constructor(sender: Sender) {
    this.sender = sender;
  }

  /**
   * Kept faces that are not the subject's, as somebody has said, the oldest first.
   *
   * `GET /v1/collections/{collection}/subjects/{subject}/negatives`
   */
  list(
    collection: string,
    subject: string,
    options: NegativesListOptions = {},
    call: Call = {},
  ): Listing<Negative> {
    return this.sender.list(
      { method: "GET", path: address`/v1/collections/${collection}/subjects/${subject}/negatives`, query: options, repeatable: true },
      call,
    );
  }

  /**
   * Say that kept faces are not the subject's.
   *
   * From now on whoever is nearer to one of them than to the subject's own faces is not the
   * subject. Each lasts as long as its face is kept. Undone by `operation_id` within 30 days.
   *
   * `POST /v1/collections/{collection}/subjects/{subject}/negatives`
   */
  deny(
    collection: string,
    subject: string,
    options: NegativesDenyOptions = {},
    call: Call = {},
  ): Promise<Denied> {
    return this.sender.json(
      { method: "POST", path: address`/v1/collections/${collection}/subjects/${subject}/negatives`, json: options, repeatable: false },
      call,
    );
  }

  /**
   * Take one back.
   *
   * `DELETE /v1/collections/{collection}/subjects/{subject}/negatives/{negative}`
   */
  forget(
    collection: string,
    subject: string,
    negative: string,
    call: Call = {},
  ): Promise<Forgotten> {
    return this.sender.json(
      { method: "DELETE", path: address`/v1/collections/${collection}/subjects/${subject}/negatives/${negative}`, repeatable: false },
      call,
    );
  }
}

export class OperationsRoutes {
  protected readonly sender: Sender;

  constructor(sender: Sender) {
    this.sender = sender;
  }

  /**
   * Give faces to another subject, or split them off as a new one.
   *
   * All of them or none. Undone by `operation_id` within 30 days. `If-Match` is of the subject that
   * they are given to.
   *
   * `POST /v1/collections/{collection}/faces/move`
   */
  moveFaces(
    collection: string,
    options: OperationsMoveFacesOptions,
    call: Call = {},
  ): Promise<Moved> {
    return this.sender.json(
      { method: "POST", path: address`/v1/collections/${collection}/faces/move`, json: options, repeatable: false },
      call,
    );
  }

  /**
   * Corrections of the last 30 days, newest first.
   *
   * `GET /v1/collections/{collection}/operations`
   */
  list(
    collection: string,
    options: OperationsListOptions = {},
    call: Call = {},
  ): Listing<Operation> {
    return this.sender.list(
      { method: "GET", path: address`/v1/collections/${collection}/operations`, query: options, repeatable: true },
      call,
    );
  }

  /**
   * Undo a correction as a whole. Later ones of the same faces have to be undone first.
   *
   * `POST /v1/collections/{collection}/operations/{operation}/undo`
   */
  undo(collection: string, operation: string, call: Call = {}): Promise<Undone> {
    return this.sender.json(
      { method: "POST", path: address`/v1/collections/${collection}/operations/${operation}/undo`, repeatable: false },
      call,
    );
  }
}

export class ReceiptsRoutes {
  protected readonly sender: Sender;

  constructor(sender: Sender) {
    this.sender = sender;
  }

  /**
   * Receipts of erasures, newest first; a bound key is given those of its collection.
   *
   * `GET /v1/receipts`
   */
  list(options: ReceiptsListOptions = {}, call: Call = {}): Listing<SignedReceipt> {
    return this.sender.list(
      { method: "GET", path: address`/v1/receipts`, query: options, repeatable: true },
      call,
    );
  }

  /**
   * One receipt, which `facet receipts verify` checks as a file.
   *
   * `GET /v1/receipts/{receipt}`
   */
  getReceipt(receipt: string, call: Call = {}): Promise<SignedReceipt> {
    return this.sender.json(
      { method: "GET", path: address`/v1/receipts/${receipt}`, repeatable: true },
      call,
    );
  }

  /**
   * The public keys that receipts are checked by.
   *
   * `GET /v1/receipt-keys`
   */
  keys(call: Call = {}): Promise<ReceiptKeys> {
    return this.sender.json(
      { method: "GET", path: address`/v1/receipt-keys`, repeatable: true },
      call,
    );
  }
}

export class RecognitionRoutes<P = Picture> {
  protected readonly sender: Sender;

  constructor(sender: Sender) {
    this.sender = sender;
  }

  /**
   * Compare two images: do they show the same person?
   *
   * `POST /v1/verify`
   */
  verify(options: VerifyOptions<P>, call: Call = {}): Promise<Verification> {
    return this.sender.json(
      { method: "POST", path: address`/v1/verify`, form: options, files: ["reference", "probe"], repeatable: true },
      call,
    );
  }

  /**
   * Compare an image with the subject whom it is claimed to show.
   *
   * `POST /v1/collections/{collection}/subjects/{subject}/verify`
   */
  verifyClaim(
    collection: string,
    subject: string,
    options: VerifyClaimOptions<P>,
    call: Call = {},
  ): Promise<Verification> {
    return this.sender.json(
      { method: "POST", path: address`/v1/collections/${collection}/subjects/${subject}/verify`, form: options, files: ["image"], repeatable: true },
      call,
    );
  }

  /**
   * Compare every face of an image with the collection: who is it, or nobody?
   *
   * `POST /v1/collections/{collection}/recognize`
   */
  recognize(
    collection: string,
    options: RecognizeOptions<P>,
    call: Call = {},
  ): Promise<Recognition> {
    return this.sender.json(
      { method: "POST", path: address`/v1/collections/${collection}/recognize`, form: options, files: ["image"], repeatable: true },
      call,
    );
  }

  /**
   * Find every face: box, landmarks, pose and quality.
   *
   * `POST /v1/detect`
   */
  detect(options: DetectOptions<P>, call: Call = {}): Promise<Detection> {
    return this.sender.json(
      { method: "POST", path: address`/v1/detect`, form: options, files: ["image"], repeatable: true },
      call,
    );
  }

  /**
   * Find every face, and give its embedding.
   *
   * `POST /v1/embed`
   */
  embed(options: EmbedOptions<P>, call: Call = {}): Promise<Embeddings> {
    return this.sender.json(
      { method: "POST", path: address`/v1/embed`, form: options, files: ["image"], repeatable: true },
      call,
    );
  }
}

export class RepresentativeRoutes {
  protected readonly sender: Sender;

  constructor(sender: Sender) {
    this.sender = sender;
  }

  /**
   * The face that was chosen to stand for the subject, or else its best.
   *
   * `GET /v1/collections/{collection}/subjects/{subject}/face`
   */
  get(collection: string, subject: string, call: Call = {}): Promise<Representative> {
    return this.sender.json(
      { method: "GET", path: address`/v1/collections/${collection}/subjects/${subject}/face`, repeatable: true },
      call,
    );
  }

  /**
   * Choose a face of the subject to stand for it; null goes back to the best.
   *
   * Undone by `operation_id` within 30 days. A chosen face that is erased or given to somebody else
   * stands for nobody; once it is back, it does again.
   *
   * `PUT /v1/collections/{collection}/subjects/{subject}/face`
   */
  choose(
    collection: string,
    subject: string,
    options: RepresentativeChooseOptions,
    call: Call = {},
  ): Promise<Representative> {
    return this.sender.json(
      { method: "PUT", path: address`/v1/collections/${collection}/subjects/${subject}/face`, json: options, repeatable: true },
      call,
    );
  }
}

export class ReviewRoutes {
  protected readonly sender: Sender;

  constructor(sender: Sender) {
    this.sender = sender;
  }

  /**
   * Suggestions that wait for an answer, the likeliest first.
   *
   * Groups that are a subject, subjects that are one, faces that are not their subject's, strangers
   * who are seen often. Those of groups are found anew after each naming, all of them within an hour
   * of a change, and when that is ordered.
   *
   * `GET /v1/collections/{collection}/review`
   */
  list(collection: string, options: ReviewListOptions = {}, call: Call = {}): Listing<Suggestion> {
    return this.sender.list(
      { method: "GET", path: address`/v1/collections/${collection}/review`, query: options, repeatable: true },
      call,
    );
  }

  /**
   * Look for suggestions now, as a job. What was refused is not suggested again.
   *
   * `POST /v1/collections/{collection}/review`
   */
  find(collection: string, call: Call = {}): Promise<Job> {
    return this.sender.json(
      { method: "POST", path: address`/v1/collections/${collection}/review`, json: {}, repeatable: false },
      call,
    );
  }

  /**
   * Do what is suggested: name the group, merge the subjects, or give the face to whose it is.
   *
   * A stranger without a name, and a face that is nobody's, become a new subject.
   *
   * `POST /v1/collections/{collection}/review/{suggestion}/accept`
   */
  accept(
    collection: string,
    suggestion: string,
    options: ReviewAcceptOptions = {},
    call: Call = {},
  ): Promise<Answered> {
    return this.sender.json(
      { method: "POST", path: address`/v1/collections/${collection}/review/${suggestion}/accept`, json: options, repeatable: false },
      call,
    );
  }

  /**
   * Never suggest it again. A group that is not the subject gives it negatives, which
   * recognition heeds; a stranger is ignored. Undone by `operation_id` within 30 days.
   *
   * `POST /v1/collections/{collection}/review/{suggestion}/refuse`
   */
  refuse(collection: string, suggestion: string, call: Call = {}): Promise<Answered> {
    return this.sender.json(
      { method: "POST", path: address`/v1/collections/${collection}/review/${suggestion}/refuse`, json: {}, repeatable: false },
      call,
    );
  }
}

export class RightsRoutes {
  protected readonly sender: Sender;

  constructor(sender: Sender) {
    this.sender = sender;
  }

  /**
   * The basis on which the subject is kept, for how long, and whether it is restricted.
   *
   * `GET /v1/collections/{collection}/subjects/{subject}/rights`
   */
  getRights(collection: string, subject: string, call: Call = {}): Promise<Rights> {
    return this.sender.json(
      { method: "GET", path: address`/v1/collections/${collection}/subjects/${subject}/rights`, repeatable: true },
      call,
    );
  }

  /**
   * Record or withdraw consent, restrict the subject, or say how long it is kept.
   *
   * `PATCH /v1/collections/{collection}/subjects/{subject}/rights`
   */
  changeRights(
    collection: string,
    subject: string,
    options: RightsChangeRightsOptions = {},
    call: Call = {},
  ): Promise<Rights> {
    return this.sender.json(
      { method: "PATCH", path: address`/v1/collections/${collection}/subjects/${subject}/rights`, json: options, repeatable: true },
      call,
    );
  }

  /**
   * A zip of the subject's data, pictures, and every line of the audit record about them.
   *
   * `GET /v1/collections/{collection}/subjects/{subject}/export`
   */
  exportSubject(collection: string, subject: string, call: Call = {}): Promise<Blob> {
    return this.sender.blob(
      { method: "GET", path: address`/v1/collections/${collection}/subjects/${subject}/export`, repeatable: true },
      call,
    );
  }

  /**
   * Whom the next run of retention would erase; servers run it every hour.
   *
   * `GET /v1/collections/{collection}/retention`
   */
  list(collection: string, call: Call = {}): Promise<RetentionRun> {
    return this.sender.json(
      { method: "GET", path: address`/v1/collections/${collection}/retention`, repeatable: true },
      call,
    );
  }

  /**
   * Erase now whose time is over, each with a receipt.
   *
   * `POST /v1/collections/{collection}/retention`
   */
  runRetention(collection: string, call: Call = {}): Promise<RetentionRun> {
    return this.sender.json(
      { method: "POST", path: address`/v1/collections/${collection}/retention`, repeatable: false },
      call,
    );
  }

  /**
   * Erase whose time is over as a job, however many they are; its result is that of `POST`.
   *
   * `POST /v1/collections/{collection}/retention/jobs`
   */
  orderRetention(
    collection: string,
    options: RightsOrderRetentionOptions = {},
    call: Call = {},
  ): Promise<Job> {
    return this.sender.json(
      { method: "POST", path: address`/v1/collections/${collection}/retention/jobs`, json: options, repeatable: false },
      call,
    );
  }
}

export class SequencesRoutes<P = Picture> {
  protected readonly sender: Sender;

  constructor(sender: Sender) {
    this.sender = sender;
  }

  /**
   * Recognize the people in a recording. Frames of one face are a track, with one verdict.
   *
   * `POST /v1/collections/{collection}/sequences/recognize`
   */
  recognize(
    collection: string,
    options: SequencesRecognizeOptions<P> = {},
    call: Call = {},
  ): Promise<SequenceRecognition> {
    return this.sender.json(
      { method: "POST", path: address`/v1/collections/${collection}/sequences/recognize`, form: options, files: ["images", "video"], repeatable: true },
      call,
    );
  }

  /**
   * Enrol the person of a recording: the track's template, with its best frames.
   *
   * One answer per frame, the best first. When all are refused, the first refusal is the status.
   *
   * `POST /v1/collections/{collection}/sequences/enroll`
   */
  enroll(
    collection: string,
    options: SequencesEnrollOptions<P>,
    call: Call = {},
  ): Promise<Enrolment> {
    return this.sender.json(
      { method: "POST", path: address`/v1/collections/${collection}/sequences/enroll`, form: options, files: ["images", "video"], repeatable: true, keyed: true },
      call,
    );
  }

  /**
   * The dates in a text of any of many languages and several calendars, as ISO 8601.
   *
   * `date` is the first; all stand in `dates`, each with its place and its calendar. With
   * `Accept: image/png`, a heat map of what the network looked at.
   *
   * `POST /v1/sequences/dates`
   */
  readDate(options: SequencesReadDateOptions, call: Call = {}): Promise<DateAnswer> {
    return this.sender.json(
      { method: "POST", path: address`/v1/sequences/dates`, json: options, repeatable: true },
      call,
    );
  }
}

export class ServerRoutes {
  protected readonly sender: Sender;

  constructor(sender: Sender) {
    this.sender = sender;
  }

  /**
   * The process is alive.
   *
   * `GET /healthz`
   */
  health(call: Call = {}): Promise<OperationHealth> {
    return this.sender.json(
      { method: "GET", path: address`/healthz`, repeatable: true },
      call,
    );
  }

  /**
   * Database, index and networks are there.
   *
   * `GET /readyz`
   */
  ready(call: Call = {}): Promise<Ready> {
    return this.sender.json(
      { method: "GET", path: address`/readyz`, repeatable: true },
      call,
    );
  }

  /**
   * Prometheus metrics.
   *
   * `GET /metrics`
   */
  metrics(call: Call = {}): Promise<string> {
    return this.sender.text(
      { method: "GET", path: address`/metrics`, repeatable: true },
      call,
    );
  }
}

export class SessionsRoutes {
  protected readonly sender: Sender;

  constructor(sender: Sender) {
    this.sender = sender;
  }

  /**
   * Tell whoever asks who they are and what they may do, with the token of their session.
   *
   * `GET /v1/session`
   */
  who(call: Call = {}): Promise<Caller> {
    return this.sender.json(
      { method: "GET", path: address`/v1/session`, repeatable: true },
      call,
    );
  }

  /**
   * Exchange the key in `Authorization` for a session, whose cookie comes with the answer.
   *
   * A session that the browser had ends. While keys are off there is nothing to sign in to, and
   * no cookie.
   *
   * `POST /v1/session`
   */
  signIn(call: Call = {}): Promise<Caller> {
    return this.sender.json(
      { method: "POST", path: address`/v1/session`, repeatable: false },
      call,
    );
  }

  /**
   * End the session that asks; a caller who sends the key itself has none.
   *
   * `DELETE /v1/session`
   */
  signOut(call: Call = {}): Promise<EndedSessions> {
    return this.sender.json(
      { method: "DELETE", path: address`/v1/session`, repeatable: false },
      call,
    );
  }

  /**
   * Browsers that are signed in by the caller's key.
   *
   * `GET /v1/sessions`
   */
  list(call: Call = {}): Promise<Sessions> {
    return this.sender.json(
      { method: "GET", path: address`/v1/sessions`, repeatable: true },
      call,
    );
  }

  /**
   * End all sessions of the caller's key.
   *
   * `DELETE /v1/sessions`
   */
  signOutEverywhere(call: Call = {}): Promise<EndedSessions> {
    return this.sender.json(
      { method: "DELETE", path: address`/v1/sessions`, repeatable: false },
      call,
    );
  }

  /**
   * End one session of the caller's key.
   *
   * `DELETE /v1/sessions/{session}`
   */
  end(session: string, call: Call = {}): Promise<void> {
    return this.sender.nothing(
      { method: "DELETE", path: address`/v1/sessions/${session}`, repeatable: false },
      call,
    );
  }
}

export class SettingsRoutes {
  protected readonly sender: Sender;

  constructor(sender: Sender) {
    this.sender = sender;
  }

  /**
   * Every setting as the server has it; secrets are told to be set and nothing more.
   *
   * `GET /v1/settings`
   */
  list(call: Call = {}): Promise<ServerSettings> {
    return this.sender.json(
      { method: "GET", path: address`/v1/settings`, repeatable: true },
      call,
    );
  }
}

export class SightingsRoutes {
  protected readonly sender: Sender;

  constructor(sender: Sender) {
    this.sender = sender;
  }

  /**
   * Faces that were remembered, and those that were imported without names, the newest first.
   *
   * `GET /v1/collections/{collection}/sightings`
   */
  list(
    collection: string,
    options: SightingsListOptions = {},
    call: Call = {},
  ): Promise<Sightings> {
    return this.sender.json(
      { method: "GET", path: address`/v1/collections/${collection}/sightings`, query: options, repeatable: true },
      call,
    );
  }

  /**
   * Erase all that the filters find, with their pictures.
   *
   * `DELETE /v1/collections/{collection}/sightings`
   */
  eraseSightings(
    collection: string,
    options: SightingsEraseSightingsOptions = {},
    call: Call = {},
  ): Promise<Receipt> {
    return this.sender.json(
      { method: "DELETE", path: address`/v1/collections/${collection}/sightings`, query: options, repeatable: options.dry_run === true },
      call,
    );
  }

  /**
   * The kept picture of a face, if the collection keeps them.
   *
   * `GET /v1/collections/{collection}/sightings/{sighting}/image`
   */
  image(collection: string, sighting: number, call: Call = {}): Promise<Blob> {
    return this.sender.blob(
      { method: "GET", path: address`/v1/collections/${collection}/sightings/${sighting}/image`, repeatable: true },
      call,
    );
  }

  /**
   * Erase one, with its picture.
   *
   * `DELETE /v1/collections/{collection}/sightings/{sighting}`
   */
  eraseSighting(
    collection: string,
    sighting: number,
    options: SightingsEraseSightingOptions = {},
    call: Call = {},
  ): Promise<Receipt> {
    return this.sender.json(
      { method: "DELETE", path: address`/v1/collections/${collection}/sightings/${sighting}`, query: options, repeatable: options.dry_run === true },
      call,
    );
  }
}

export class StylesRoutes<P = Picture> {
  protected readonly sender: Sender;

  constructor(sender: Sender) {
    this.sender = sender;
  }

  /**
   * Paint a picture in the manner of another: a job, with previews on the way.
   *
   * `POST /v1/style-transfers`
   */
  transfer(options: StylesTransferOptions<P>, call: Call = {}): Promise<Job> {
    return this.sender.json(
      { method: "POST", path: address`/v1/style-transfers`, form: options, files: ["content", "style"], repeatable: false },
      call,
    );
  }

  /**
   * Styles by name.
   *
   * `GET /v1/styles`
   */
  list(options: StylesListOptions = {}, call: Call = {}): Listing<Style> {
    return this.sender.list(
      { method: "GET", path: address`/v1/styles`, query: options, repeatable: true },
      call,
    );
  }

  /**
   * Keep a picture as a style, at 2048 pixels at most and without its metadata.
   *
   * `POST /v1/styles`
   */
  create(options: StylesCreateOptions<P>, call: Call = {}): Promise<Style> {
    return this.sender.json(
      { method: "POST", path: address`/v1/styles`, form: options, files: ["image"], repeatable: false },
      call,
    );
  }

  /**
   * One style.
   *
   * `GET /v1/styles/{style}`
   */
  get(style: string, call: Call = {}): Promise<Style> {
    return this.sender.json(
      { method: "GET", path: address`/v1/styles/${style}`, repeatable: true },
      call,
    );
  }

  /**
   * Remove a style. Transfers under way have a copy.
   *
   * `DELETE /v1/styles/{style}`
   */
  remove(style: string, call: Call = {}): Promise<void> {
    return this.sender.nothing(
      { method: "DELETE", path: address`/v1/styles/${style}`, repeatable: false },
      call,
    );
  }

  /**
   * The picture of a style.
   *
   * `GET /v1/styles/{style}/image`
   */
  image(style: string, call: Call = {}): Promise<Blob> {
    return this.sender.blob(
      { method: "GET", path: address`/v1/styles/${style}/image`, repeatable: true },
      call,
    );
  }
}

export class SubjectsRoutes {
  protected readonly sender: Sender;

  constructor(sender: Sender) {
    this.sender = sender;
  }

  /**
   * Subjects, all of them or those that meet every condition. `name_prefix`, the beginning of a
   * name, is refused by a sealed collection.
   *
   * `GET /v1/collections/{collection}/subjects`
   */
  list(collection: string, options: SubjectsListOptions = {}, call: Call = {}): Listing<Subject> {
    return this.sender.list(
      { method: "GET", path: address`/v1/collections/${collection}/subjects`, query: options, repeatable: true },
      call,
    );
  }

  /**
   * Make a subject; its faces are enrolled next.
   *
   * `POST /v1/collections/{collection}/subjects`
   */
  create(collection: string, options: SubjectsCreateOptions, call: Call = {}): Promise<Subject> {
    return this.sender.json(
      { method: "POST", path: address`/v1/collections/${collection}/subjects`, json: options, repeatable: false },
      call,
    );
  }

  /**
   * One subject.
   *
   * `GET /v1/collections/{collection}/subjects/{subject}`
   */
  get(collection: string, subject: string, call: Call = {}): Promise<Subject> {
    return this.sender.json(
      { method: "GET", path: address`/v1/collections/${collection}/subjects/${subject}`, repeatable: true },
      call,
    );
  }

  /**
   * Change name, external id or metadata.
   *
   * `PATCH /v1/collections/{collection}/subjects/{subject}`
   */
  update(
    collection: string,
    subject: string,
    options: SubjectsUpdateOptions = {},
    call: Call = {},
  ): Promise<Subject> {
    return this.sender.json(
      { method: "PATCH", path: address`/v1/collections/${collection}/subjects/${subject}`, json: options, repeatable: true },
      call,
    );
  }

  /**
   * Erase the subject: images, templates, index entries, stored answers.
   *
   * `DELETE /v1/collections/{collection}/subjects/{subject}`
   */
  erase(
    collection: string,
    subject: string,
    options: SubjectsEraseOptions = {},
    call: Call = {},
  ): Promise<Receipt> {
    return this.sender.json(
      { method: "DELETE", path: address`/v1/collections/${collection}/subjects/${subject}`, query: options, repeatable: options.dry_run === true },
      call,
    );
  }

  /**
   * Take over the faces of another subject, which is then removed.
   *
   * Undone by `operation_id` within 30 days.
   *
   * `POST /v1/collections/{collection}/subjects/{subject}/merge`
   */
  merge(
    collection: string,
    subject: string,
    options: SubjectsMergeOptions,
    call: Call = {},
  ): Promise<Merged> {
    return this.sender.json(
      { method: "POST", path: address`/v1/collections/${collection}/subjects/${subject}/merge`, json: options, repeatable: false },
      call,
    );
  }
}
