// Made by `python -m deploy.clients.typescript`; changed there, never here.

/** The outcome of an answer to a suggestion. */
export interface Answered {
  suggestion_id: string;
  kind: "group-is-subject" | "subjects-are-one" | "face-not-subject" | "group-often-seen";
  accepted: boolean;
  /** Whose the faces are now; null if refused. */
  subject: Subject | null;
  /** Faces that were enrolled, or have changed their subject. */
  faces: number;
  /** Faces that recognition knows from now on not to be the subject's. */
  negatives: number;
  /** Undoes it; null when nothing had to be changed. */
  operation_id: string | null;
}

/** Attention of the network: a row per digit of the date, a column per character. */
export interface Attention {
  rows: string[];
  /** The locale it was told, then the normalised text. */
  columns: string[];
  /** Each row sums to 1. */
  weights: number[][];
}

/** One action of one caller. It names nobody: people are ids of subjects and faces. */
export interface AuditEntry {
  /** Its place in the chain, from 1 on without a gap. */
  seq: number;
  time: string;
  origin: "http" | "command";
  /** Id of the API key; `local` for commands and where keys are off. */
  key: string;
  address: string;
  request_id: string;
  action: string;
  /** `done`, `begun`, what was decided, or the code of the error it ended with. */
  outcome: string;
  /** Its name at that time. */
  collection: string | null;
  collection_id: string | null;
  subject: string | null;
  faces: number[];
  /** What was asked, threshold and its rate, similarity, rate and whether that is a bound as the answer gave them. */
  decision: Record<string, unknown> | null;
  details: Record<string, unknown>;
  /** SHA-256 of the hash before and this entry's canonical JSON. */
  hash: string;
}

/** Pixels of the upright image, to a tenth; may reach over its border. */
export interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** Rates of one similarity, side by side. */
export interface CalibratedPoint {
  similarity: number;
  /** False-match rate by the encoder's curve. */
  general: number;
  /** By the collection's own. */
  fmr: number;
  /** Of the collection's own, with a confidence of 95 %. */
  low: number;
  high: number;
}

/** A collection's own curve, beside its encoder's. */
export interface Calibration {
  id: string;
  encoder: string;
  made_at: string;
  /** With faces, when it was made. */
  subjects: number;
  /** Of them those compared; fewer are a sample. */
  compared_subjects: number;
  /** Of faces with other subjects. */
  comparisons: number;
  /** How many comparisons say as much as one independent one. */
  dependence: number;
  /** The similarity beyond which rates are fitted. */
  tail_from: number;
  /** Of the encoder's rate that they follow there. */
  power: number;
  /** The rate at which the collection operates. */
  fpir: number;
  /** The similarity that it needs by this curve. */
  threshold: number;
  /** By the encoder's curve. */
  general_threshold: number;
  /** The smallest rate that the comparisons behind this curve support. */
  supported_fmr: number;
  /** Of the encoder's curve. */
  general_supported_fmr: number;
  points: CalibratedPoint[];
}

/** The calibrations of a collection. */
export interface Calibrations {
  collection: string;
  encoder: string;
  /** With faces, now. */
  subjects: number;
  /** By which the collection decides; null: by its encoder's curve. */
  in_force: Calibration | null;
  /** Whether the collection has half as many subjects again, or a third fewer, since the one in force was made: then calibrate anew. */
  stale: boolean;
  /** Which waits to be accepted. */
  proposed: Calibration | null;
}

/** The caller, and what they may do. */
export interface Caller {
  /** `local` while keys are off. */
  key_id: string;
  name: string;
  scopes: ("detect" | "verify" | "recognize" | "browse" | "models" | "jobs" | "read" | "embed" | "enroll" | "erase" | "write" | "audit" | "admin")[];
  /** Every scope that those of the key include. */
  may: ("detect" | "verify" | "recognize" | "browse" | "models" | "jobs" | "read" | "embed" | "enroll" | "erase" | "write" | "audit" | "admin" | "pictures")[];
  /** The one it is bound to; null is every one. */
  collection_id: string | null;
  expires_at: string | null;
  /** Null for a caller who sends the key itself. */
  session: Session | null;
  /** To be sent as X-CSRF-Token with requests by cookie that change something. */
  csrf_token: string | null;
  /** Without a request, after which a session ends. */
  idle_seconds: number;
  version: string;
}

/** A subject the face may be, by its most similar enrolled face. */
export interface Candidate {
  subject: SubjectName;
  face_id: number;
  /** To a thousandth; null where more than one pair of strangers in a hundred is as alike as the enrolled face, or where `numbers_withheld_until` tells of. */
  similarity: number | null;
  /** Estimated false-match rate at this similarity, to one digit; null likewise. */
  fmr: number | null;
  /** Whether `fmr` is a bound, and the rate that or less: the comparisons of strangers behind the threshold curve support no smaller one. */
  fmr_is_bound?: boolean;
}

/** A group after something was done to it. */
export interface ChangedGroup {
  id: string;
  size: number;
  since: string;
  until: string;
  ignored: boolean;
  /** Changes when faces join or leave and with corrections; also the answer's `ETag`, for `If-Match`. */
  version: string;
  /** Up to 4 of the newest, the best first. */
  faces: UnnamedFace[];
  /** Up to 3. */
  nearest: NearestSubject[];
  /** Undoes it; null where nothing had to be changed. */
  operation_id: string | null;
}

/** A gallery bound to one encoder. */
export interface Collection {
  id: string;
  name: string;
  encoder: string;
  keep_images: boolean;
  metadata: Record<string, unknown>;
  subjects: number;
  faces: number;
  created_at: string;
  policy: Policy;
  /** What it holds of what its policy bounds. null in lists, and where that bounds nothing. */
  usage?: Usage | null;
  /** Version of the secret rotation that its templates are stored under; 0: none. */
  protection?: number;
  /** Whether what names its subjects is stored sealed. */
  sealed?: boolean;
  /** Fields that an older version stored and that cannot be given out; they stand empty here until they are written anew. */
  unreadable?: string[];
}

/** The face of an image that took part in a comparison. */
export interface ComparedFace {
  box: Box;
  quality: Quality;
  /** Smallest face that was looked for in its image: the shorter side of the box, in pixels. */
  min_face: number;
  /** Whether faces of its image were left out, among which it was chosen. */
  truncated: boolean;
}

/** A record of why a subject may be recognised. */
export interface Consent {
  basis: "consent" | "contract" | "legal-obligation" | "vital-interests" | "public-task" | "legitimate-interests";
  /** Where the operator keeps what was signed. */
  reference: string;
  given_at: string;
  expires_at: string | null;
  withdrawn_at: string | null;
  recorded_at: string;
  /** Id of the API key; `local` for commands. */
  recorded_by: string;
}

/** The dates in a text; what is not in `dates` is about the first. */
export interface DateAnswer {
  /** ISO 8601. */
  date: string;
  /** 0 where the calendar's rules alone have read the date. */
  score: number;
  /** 1 where the calendar's rules alone have read the date. */
  probability: number;
  /** By which the date is written. */
  calendar: "gregorian" | "japanese" | "roc" | "buddhist" | "islamic-umalqura" | "persian";
  /** Whether another day can be meant: digits have several readings, several days stand in the text, or a place that looks like a date could not be read. */
  ambiguous: boolean;
  /** The days its digits could mean, ISO 8601. */
  other_readings: string[];
  /** All of the text, in their order in it. */
  dates: PlacedDate[];
  /** What looks like a date and gives no day. */
  refused: RefusedPlace[];
  /** The one it was read in. */
  locale: string | null;
  /** Normalised. */
  text: string;
  /** Best score first. */
  candidates: DateCandidate[];
  /** Empty where the calendar's rules alone have read the date. */
  attention: Attention;
}

/** A date that the beam search ended with. */
export interface DateCandidate {
  /** ISO 8601. */
  date: string;
  /** Sum of log-probabilities over T^length_penalty. */
  score: number;
  probability: number;
  /** Whether its day, month and year stand in the text. */
  supported: boolean;
}

/** A delivery that was given up. */
export interface DeadDelivery {
  id: number;
  event_id: number;
  attempts: number;
  /** What was wrong at the last attempt. */
  error: string | null;
  event: Record<string, unknown>;
}

/** Numbers of faces that are not the subject's. */
export interface Denied {
  subject_id: string;
  /** Noted now, without those that were noted before. */
  negatives: number;
  /** Sightings that were taken for the subject, and are nobody's now. */
  unknown: number;
  /** Undoes it. */
  operation_id: string;
}

/** One face of an image. */
export interface DetectedFace {
  box: Box;
  /** The detector's, in [0, 1]. */
  probability: number;
  /** Left eye, right eye, nose, mouth left, mouth right, as seen; pixels. */
  landmarks: [number, number][];
  pose: Pose;
  quality: Quality;
}

/** Every face of an image, largest first. */
export interface Detection {
  /** Of the upright image, in pixels. */
  width: number;
  height: number;
  /** Clockwise degrees it was turned by to find the faces. */
  rotation: number;
  /** Smallest face looked for: the shorter side of its box, in pixels. */
  min_face: number;
  /** Whether faces were left out: there were more than `max_faces`, or the detector could not look at every place. */
  truncated: boolean;
  detector: string;
  faces: DetectedFace[];
}

/** The number of a group's faces that were erased. */
export interface Discarded {
  group_id: string;
  faces: number;
}

/** Another subject that the face could be taken for. */
export interface Duplicate {
  subject_id: string;
  name: string;
  face_id: number;
  /** To a thousandth; null when the key was given as many numbers of the subject as it may be. */
  similarity: number | null;
  /** To one digit; null likewise. */
  fmr: number | null;
  /** Whether `fmr` is a bound, and the rate that or less: the comparisons of strangers behind the threshold curve support no smaller one. */
  fmr_is_bound?: boolean;
}

/** A face with its embedding. */
export interface EmbeddedFace {
  box: Box;
  /** The detector's, in [0, 1]. */
  probability: number;
  /** Left eye, right eye, nose, mouth left, mouth right, as seen; pixels. */
  landmarks: [number, number][];
  pose: Pose;
  quality: Quality;
  /** L2-normalised. */
  embedding: number[];
}

/** Every face of an image with its embedding, largest first. */
export interface Embeddings {
  /** Of the upright image, in pixels. */
  width: number;
  height: number;
  /** Clockwise degrees it was turned by to find the faces. */
  rotation: number;
  /** Smallest face looked for: the shorter side of its box, in pixels. */
  min_face: number;
  /** Whether faces were left out: there were more than `max_faces`, or the detector could not look at every place. */
  truncated: boolean;
  detector: string;
  encoder: string;
  faces: EmbeddedFace[];
}

/** The number of browsers that were signed out. */
export interface EndedSessions {
  ended: number;
}

/** The outcome of one image, in the order they were sent. */
export interface EnrolledImage {
  index: number;
  status: "enrolled" | "already-enrolled" | "rejected";
  face?: Face | null;
  error?: Refusal | null;
  duplicates?: Duplicate[];
  /** Number of those who are not named, because the key lacks `browse`. */
  duplicates_unnamed?: number;
  /** With `review_mode` `warn`: the face was enrolled, and resembles another subject more than its own. */
  doubt?: Refusal | null;
}

/** One answer per image. */
export interface Enrolment {
  enrolled: number;
  already_enrolled?: number;
  rejected: number;
  results: EnrolledImage[];
}

/** A subject whose time is over. */
export interface Expired {
  subject_id: string;
  reason: "request" | "retention" | "keep-until" | "consent-ended";
  since: string;
  /** Of the erasure; null where it was not made. */
  receipt_id: string | null;
}

/** One enrolled sample of a subject. Its template is never shown. */
export interface Face {
  id: number;
  subject_id: string;
  encoder: string;
  box: Box;
  landmarks: [number, number][];
  probability: number;
  pose: Pose;
  quality: Quality;
  image_kept: boolean;
  created_at: string;
}

export interface Findings_Lookalike_ {
  total: number;
  /** The worst `limit` of them. */
  listed: Lookalike[];
}

export interface Findings_NearDuplicate_ {
  total: number;
  /** The worst `limit` of them. */
  listed: NearDuplicate[];
}

export interface Findings_SubjectTest_ {
  total: number;
  /** The worst `limit` of them. */
  listed: SubjectTest[];
}

export interface Findings_UnlikeFace_ {
  total: number;
  /** The worst `limit` of them. */
  listed: UnlikeFace[];
}

export interface Findings_WeakSubject_ {
  total: number;
  /** The worst `limit` of them. */
  listed: WeakSubject[];
}

/** The negative that was taken back. */
export interface Forgotten {
  negative_id: string;
}

/** One page of groups; `next_cursor` is null on the last. */
export interface GroupPage {
  items: GroupSummary[];
  /** Send as `cursor` to get the next page. */
  next_cursor?: string | null;
  /** Faces that were not compared with the others yet. */
  waiting: number;
}

/** Faces that are taken for one person. */
export interface GroupSummary {
  id: string;
  size: number;
  since: string;
  until: string;
  ignored: boolean;
  /** Changes when faces join or leave and with corrections; also the answer's `ETag`, for `If-Match`. */
  version: string;
  /** Up to 4 of the newest, the best first. */
  faces: UnnamedFace[];
  /** Up to 3. */
  nearest: NearestSubject[];
}

/** Findings about a gallery. Rates are powers of ten. */
export interface HealthHealth {
  collection: string;
  encoder: string;
  at: string;
  subjects: number;
  faces: number;
  /** Faces that were compared with all others. */
  compared: number;
  /** Whether those are a sample; findings about faces are of the sample alone. */
  sampled: boolean;
  /** Faces of another encoder, which were not compared. */
  other_encoder: number;
  /** Faces of restricted subjects and of those whose consent has ended, which were not compared. */
  barred: number;
  /** The rate of a search whose caller names none. */
  fpir: number;
  /** The similarity that it needs in this gallery. */
  threshold: number;
  /** Subjects with fewer than 3 faces. */
  few_faces: Findings_WeakSubject_;
  /** Subjects without a face of quality 0.5 or more. */
  poor_faces: Findings_WeakSubject_;
  unlike: Findings_UnlikeFace_;
  could_be_another: Findings_Lookalike_;
  near_duplicates: Findings_NearDuplicate_;
  self_test: SelfTest;
}

/** A piece of work that takes longer than a request. */
export interface Job {
  id: string;
  kind: string;
  state: "queued" | "running" | "succeeded" | "failed" | "cancelled";
  /** Grows with every change. */
  version: number;
  parameters: Record<string, unknown>;
  progress: JobProgress;
  /** How often a worker has begun. */
  attempts: number;
  created_at: string;
  started_at?: string | null;
  finished_at?: string | null;
  failure?: JobFailure | null;
  /** Null until there is one. */
  result?: JobResult | null;
}

/** The reason why a job failed; `code` is stable. */
export interface JobFailure {
  code: string;
  detail: string;
  hint?: string;
  data: Record<string, unknown>;
}

/** The progress of a job. */
export interface JobProgress {
  /** In [0, 1]. */
  fraction: number;
  message: string;
  /** Figures of the kind's own, such as a loss. */
  data: Record<string, unknown>;
}

/** The result of a job, to be fetched at `…/result` until it expires. */
export interface JobResult {
  media_type: string;
  bytes: number;
  expires_at: string;
}

/** An API key, without its secret. */
export interface Key {
  id: string;
  name: string;
  scopes: string[];
  /** The one it is bound to; null is every one. */
  collection_id: string | null;
  created_at: string;
  expires_at: string | null;
  /** Until when the secret before the last rotation is taken, too. */
  previous_until: string | null;
  /** To the minute. */
  last_used_at: string | null;
  /** Address of the client. */
  last_used_from: string | null;
  revoked_at: string | null;
  limits: KeyLimits;
  /** Clients that send it: native, or those of another system. */
  form: string;
}

/** Limits of one key; null is none beside those of the server. */
export interface KeyLimits {
  /** Requests. */
  requests_per_second: number | null;
  /** Pictures and recordings, however many requests bring them. */
  pictures_per_second: number | null;
  /** Requests at work on the networks at once, in each process; others of the key wait. */
  workers: number | null;
  /** Events followed at once, in each process. */
  streams: number | null;
  /** Jobs waiting and running. */
  jobs: number | null;
}

/** An API key at the one time that it is shown. */
export interface KeyWithSecret {
  id: string;
  name: string;
  scopes: string[];
  /** The one it is bound to; null is every one. */
  collection_id: string | null;
  created_at: string;
  expires_at: string | null;
  /** Until when the secret before the last rotation is taken, too. */
  previous_until: string | null;
  /** To the minute. */
  last_used_at: string | null;
  /** Address of the client. */
  last_used_from: string | null;
  revoked_at: string | null;
  limits: KeyLimits;
  /** Clients that send it: native, or those of another system. */
  form: string;
  /** What to send, natively as `Authorization: Bearer`; never shown again. */
  key: string;
}

/** Numbers of faces since yesterday (UTC) that should have been remembered and were not. */
export interface LeftOut {
  /** More than the policy allows of a day. */
  over_limit: number;
  /** Too many at once, or the database could not be written. */
  lost: number;
}

/** A face that could be another subject's. */
export interface Lookalike {
  face_id: number;
  subject: SubjectName;
  other_face_id: number;
  other_subject: SubjectName;
  /** How often two strangers are as alike, at most: a power of ten. */
  fmr: number;
  /** Whether it is more like the other subject than any other face of its own. */
  nearer: boolean;
}

/** A subject that would be left without a face. */
export interface LostSubject {
  id: string;
  name: string;
}

/** The subject that has taken over the faces of another one. */
export interface Merged {
  id: string;
  name: string;
  external_id: string | null;
  metadata: Record<string, unknown>;
  faces: number;
  /** The face that stands for it: the chosen one, or its best. */
  face_id?: number | null;
  /** Whether the picture of that face is kept. */
  image_kept?: boolean;
  created_at: string;
  updated_at: string;
  /** Changes with every edit; also the answer's `ETag`, for `If-Match`. */
  version: string;
  /** Fields that an older version stored and that cannot be given out; they stand empty here until they are written anew. */
  unreadable?: string[];
  /** The calendar of the text that this request's `birth_date` was read from, such as `japanese`; null for ISO dates and in all other answers. */
  birth_date_calendar?: string | null;
  /** Undoes it. */
  operation_id: string;
}

/** A model's card and figures. */
export interface ModelCard {
  key: string;
  task: string;
  default: boolean;
  description: string;
  licence: string;
  commercial_use: boolean;
  /** Doubt whether its training data allowed what the licence allows. */
  provenance_doubt?: string;
  /** Whether collections and requests can use it right now. */
  ready: boolean;
  /** Whether its weights are missing here, and can be fetched by `…/pull`. */
  downloadable?: boolean;
  /** Why it is not ready. */
  problem?: ModelProblem | null;
  limits: string;
  training_data: string;
  architecture: Record<string, unknown>;
  source: Record<string, unknown>;
  input: Record<string, unknown>;
  output: Record<string, unknown> | null;
  /** Whose embeddings an aggregator weighs. */
  encoder?: string | null;
  curve: Record<string, unknown> | null;
  /** The smallest false-match rate that the comparisons behind the curve support. */
  supported_fmr: number | null;
  metrics: Record<string, unknown>;
  licence_url: string;
  /** Of its files, here or where they are fetched from. */
  bytes: number | null;
  /** Of what would be fetched; none where all is here. */
  terms: ModelTerms[];
}

/** An obstacle that keeps a model from serving, and what to do about it. */
export interface ModelProblem {
  code: string;
  detail: string;
  hint: string;
}

/** One line of the registry. */
export interface ModelSummary {
  key: string;
  task: string;
  default: boolean;
  description: string;
  licence: string;
  commercial_use: boolean;
  /** Doubt whether its training data allowed what the licence allows. */
  provenance_doubt?: string;
  /** Whether collections and requests can use it right now. */
  ready: boolean;
  /** Whether its weights are missing here, and can be fetched by `…/pull`. */
  downloadable?: boolean;
  /** Why it is not ready. */
  problem?: ModelProblem | null;
}

/** Terms under which files of a model are fetched. */
export interface ModelTerms {
  /** The model, or a part of it. */
  model: string;
  licence: string;
  licence_url: string;
  commercial_use: boolean;
  /** Uses that the licence does not allow. */
  restricts: string[];
  /** Doubt whether its training data allowed what the licence allows. */
  provenance_doubt?: string;
  /** Of its files. */
  addresses: string[];
  /** Of all of them, where the manifest states them. */
  bytes: number | null;
}

/** The registry. */
export interface Models {
  models: ModelSummary[];
}

/** The subject that faces were given to. */
export interface Moved {
  subject: Subject;
  /** Faces that changed their subject. */
  moved: number;
  /** Undoes it; null when all faces were the subject's already. */
  operation_id: string | null;
}

/** The subject that a group's faces were enrolled into. */
export interface Named {
  subject: Subject;
  /** The enrolled faces. */
  face_ids: number[];
  /** Faces that stay without a name: by another encoder than the collection's, or poorer or more like another subject than its policy allows. */
  left: number;
  /** Faces that stay sightings, now of the subject: of those that were seen the best 20 are enrolled. */
  seen: number;
  /** Undoes it. */
  operation_id: string | null;
}

/** Two faces of a subject that are nearly the same picture, so that one adds nothing. */
export interface NearDuplicate {
  face_id: number;
  other_face_id: number;
  subject: SubjectName;
}

/** A subject to whom faces of a group are nearest. */
export interface NearestSubject {
  id: string;
  name: string;
  /** Of the newest 50 of the group. */
  faces: number;
  /** The least rate that an answer gave of them; null where none was given. */
  fmr: number | null;
  /** Whether `fmr` is a bound, and the rate that or less: the comparisons of strangers behind the threshold curve support no smaller one. */
  fmr_is_bound?: boolean;
}

/** A kept face that is not of a subject, as somebody has said. */
export interface Negative {
  id: string;
  /** The enrolled face, of whatever subject it is. */
  face_id: number | null;
  /** Or the sighting. */
  sighting_id: number | null;
  at: string;
  /** Of the key that asked; `local` where there was none. */
  key_id: string;
}

/** A webhook that was just made. */
export interface NewWebhook {
  id: string;
  url: string;
  /** Every kind where it is empty. */
  kinds: ("sighted" | "recognized" | "enrolled" | "erased" | "group-named" | "health-changed")[];
  collection_id: string | null;
  created_at: string;
  /** Deliveries that are tried again, or for the first time. */
  waiting: number;
  /** Deliveries that were given up. */
  dead: number;
  /** Times that events were gone before they could be delivered. */
  missed: number;
  /** To check signatures with; it is not told again. */
  secret: string;
}

/** A recorded correction. It can be undone until `ends_at`, and is forgotten then. */
export interface Operation {
  id: string;
  kind: "move" | "merge" | "refuse" | "choose-face" | "name-group" | "split-group" | "merge-groups" | "ignore-group";
  at: string;
  /** Of the key that asked; `local` where there was none. */
  key_id: string;
  /** The subject that was given the faces, or of which something was refused; empty for none, as of what was done to groups. */
  subject_id: string;
  /** Whether that subject was made for it. */
  made_subject: boolean;
  /** The name of the subject that a merge removed; null once it is back. */
  absorbed_subject: string | null;
  /** The subject that each face had, by face id, of those that there still are, or an empty word where it was nobody's; empty once it is undone. */
  faces: Record<string, string>;
  undone_at: string | null;
  ends_at: string;
}

/** The process answers. */
export interface OperationHealth {
  status?: string;
}

/** Kept pictures that the work needs, by whether their files were found. */
export interface PicturesLookedFor {
  looked_for: number;
  missing: number;
  /** They were too many, or their place is away. */
  not_looked_for: number;
}

/** A date and where it stands. */
export interface PlacedDate {
  /** ISO 8601. */
  date: string;
  /** Of its place in the text as it was sent, in code points. */
  start: number;
  /** The first code point after it. */
  end: number;
  /** By which it is written, by its name in the CLDR. */
  calendar: "gregorian" | "japanese" | "roc" | "buddhist" | "islamic-umalqura" | "persian";
  /** `calendar` where rules alone have converted it. */
  read_by: "network" | "calendar";
  /** 1 where rules alone have converted it. */
  probability: number;
  /** Days its digits could just as well mean. */
  other_readings: string[];
}

/** Bounds of what callers may ask for; null bounds nothing. */
export interface Policy {
  /** The laxest rate of a search. */
  max_fpir?: number | null;
  /** The laxest rate of a claim. */
  max_fmr?: number | null;
  /** Whether callers may name thresholds of their own. */
  own_thresholds: boolean;
  /** That an enrolled face needs at least. */
  min_quality?: number | null;
  /** What becomes of a face that resembles another subject more. */
  review_mode?: "off" | "warn" | "strict";
  /** Whether nobody is enrolled without a record of consent that holds. */
  require_consent: boolean;
  /** Days from its making after which a subject is erased. */
  keep_days?: number | null;
  max_subjects?: number | null;
  /** Those without a name included. */
  max_faces?: number | null;
  /** Of kept pictures, as they are stored. */
  max_bytes?: number | null;
  /** Recognized faces that are kept as sightings: none, unknown people's, or all. */
  remember: "nothing" | "unknown" | "all";
  /** Days that sightings are kept. */
  remember_days: number;
  /** Sightings of a day (UTC) at most. */
  remember_per_day: number;
  /** That a sighting needs at least. */
  remember_quality: number;
}

/** Degrees; zero is frontal. */
export interface Pose {
  yaw: number;
  pitch: number;
  roll: number;
}

/** An error. `code` is stable; the texts may change. */
export interface Problem {
  type: string;
  title: string;
  status: number;
  code: string;
  detail: string;
  hint?: string;
  /** The request's id, as in the header X-Request-Id. */
  request_id?: string;
  /** Per field, if it is one. */
  errors?: Record<string, unknown>[] | null;
}

/** A score in [0, 1] and what lowered it. */
export interface Quality {
  score: number;
  /** Any of small-face, blurred, dark, bright, extreme-pose, cut-by-border, low-confidence. */
  reasons: string[];
  sharpness: number;
  brightness: number;
}

/** The readiness for requests, and what is missing. */
export interface Ready {
  ready: boolean;
  checks: Record<string, string>;
}

/** Counts of what an erasure removed (or, in a dry run, would remove). */
export interface Receipt {
  erased: "face" | "subject" | "collection" | "faces" | "contents" | "sightings";
  id: string;
  /** Of the signed receipt, see `/v1/receipts`; null in a dry run, and where it could not be kept. */
  receipt_id: string | null;
  dry_run: boolean;
  at: string;
  subjects: number;
  faces: number;
  /** Of the faces, and those that waited for a change of encoder. */
  templates: number;
  /** Files that no other face needs. */
  images: number;
  /** Entries that left the index; null where it could not be asked. */
  index_entries: number | null;
  /** Stored answers to enrolments. */
  idempotency_records: number;
  /** Records of moved faces and merges about the subject. */
  operations: number;
  /** Faces that were remembered, of an erased subject; of an erased collection those that were imported without names, too. */
  sightings: number;
  /** `pending`: the index is away. What was erased leaves it before it is searched again, and answers never name it. null in a dry run. */
  index: "done" | "pending" | null;
  /** Whether SQLite's write-ahead log holds nothing of it either. false: somebody who reads keeps the log in use; the server tries again every few seconds until it is done. null: there is no such log within reach (PostgreSQL), or it is a dry run. */
  log_emptied: boolean | null;
  /** `pending`: object storage is away; files of pictures are deleted as soon as it is back. null in a dry run. */
  files?: "done" | "pending" | null;
}

/** The public half of a key that signs receipts. */
export interface ReceiptKey {
  id: string;
  /** Ed25519, in PEM. */
  public_key: string;
  made_at: string;
}

/** Every key that has signed receipts, the one that signs now last. */
export interface ReceiptKeys {
  items: ReceiptKey[];
}

/** The verdict on one face. */
export interface RecognisedFace {
  decision: "known" | "unknown";
  subject: SubjectName | null;
  /** The enrolled face that matched. */
  face_id: number | null;
  /** To the match, or to the best candidate when unknown, to a thousandth; null with none, or where more than one pair of strangers in a hundred is as alike as the enrolled face, or where `numbers_withheld_until` tells of. */
  similarity: number | null;
  /** Estimated false-match rate at this similarity, to one digit; null likewise. */
  fmr: number | null;
  /** Whether `fmr` is a bound, and the rate that or less: the comparisons of strangers behind the threshold curve support no smaller one. */
  fmr_is_bound?: boolean;
  /** Similarity ahead of the next subject; null unless both are given. */
  margin: number | null;
  candidates: Candidate[];
  box: Box;
  probability: number;
  quality: Quality;
}

/** Every face of an image against a collection, largest first. */
export interface Recognition {
  /** Of the upright image, in pixels. */
  width: number;
  height: number;
  /** Clockwise degrees it was turned by to find the faces. */
  rotation: number;
  /** Smallest face looked for: the shorter side of its box, in pixels. */
  min_face: number;
  /** Whether faces were left out: there were more than `max_faces`, or the detector could not look at every place. */
  truncated: boolean;
  collection: string;
  encoder: string;
  /** The similarity needed to be known. */
  threshold: number;
  /** Its false-match rate for one comparison: 1 - (1 - fpir)^(1/subjects). */
  threshold_fmr: number;
  /** N, the enrolled subjects searched. */
  subjects: number;
  faces: RecognisedFace[];
  /** When set, the key was given as many numbers of a subject named here as it may be: those are null until then, and a threshold of the caller's own is moved to the next stricter power of ten. Decisions are made as ever. */
  numbers_withheld_until?: string | null;
  /** Whether nobody but those who were found is named, and nothing is told of the unknown, because the key lacks the scope `browse`. */
  only_matches_named?: boolean;
}

/** Forecast of a re-encoding, from counts of the database; nothing is changed. */
export interface ReencodingForecast {
  dry_run?: boolean;
  collection: string;
  from_encoder: string;
  to_encoder: string;
  /** Whether the new encoder could serve: weights, curve. */
  ready: boolean;
  /** Why it could not. */
  problem?: ModelProblem | null;
  faces: number;
  /** With faces. */
  subjects: number;
  /** Faces that an interrupted re-encoding has made ready. */
  waiting: number;
  /** Those with a kept picture, or ready. At most: whether a picture can be read, and its face found again, is known when it is done. */
  encodable_faces: number;
  /** Subjects that keep a face. */
  encodable_subjects: number;
  /** Faces without a picture: the re-encoding fails, or with `erase_left_out` erases them. */
  lost_faces: number;
  /** Subjects that would be left without a face. */
  lost_subjects: number;
  /** The first 50 of them, by id. */
  lost: LostSubject[];
  pictures: PicturesLookedFor;
  /** How long it may take. */
  seconds: number;
  /** `last-job`: by the last re-encoding here. `typical`: there was none. */
  seconds_from: "last-job" | "typical";
}

/** The reason why an image was not enrolled. */
export interface Refusal {
  code: string;
  detail: string;
  hint: string;
}

/** A place that looks like a date, and why no day comes of it. */
export interface RefusedPlace {
  /** In the text as it was sent, in code points. */
  start: number;
  end: number;
  calendar: string;
  /** A slug, such as `outside-era` or `no-such-day`. */
  reason: string;
  detail: string;
}

/** The face that stands for a subject. */
export interface Representative {
  face: Face;
  /** Whether somebody has chosen it; else it is the one of the best quality. */
  chosen: boolean;
  /** Undoes the choice that was just made. */
  operation_id: string | null;
}

/** The number of deliveries that are tried again. */
export interface Resent {
  webhook_id: string;
  deliveries: number;
}

/** Whom retention has erased, or would erase. */
export interface RetentionRun {
  dry_run: boolean;
  subjects: Expired[];
}

/** A revocation, or what one would do. */
export interface RevokedKey {
  key: Key;
  dry_run: boolean;
  /** Whether no other key may administer the whole service. */
  last_admin: boolean;
}

/** The basis on which a subject is kept, for how long, and whether it may be used. */
export interface Rights {
  /** Kept, and never matched or enrolled into. */
  restricted: boolean;
  restricted_at: string | null;
  keep_until: string | null;
  consent: Consent | null;
}

/** A face that was remembered, or imported without a name. */
export interface Seen {
  /** Of the sighting; enrolled faces have ids of their own. */
  id: number;
  at: string;
  /** What the caller said, or the path below the imported directory. */
  source: string;
  /** null of imported faces. */
  decision: "known" | "unknown" | null;
  /** Whoever was found; of an unknown face, whoever is nearest. */
  subject: SeenSubject | null;
  /** To that subject, as it was told then. */
  similarity: number | null;
  /** The rate of that similarity, as it was told then. */
  fmr: number | null;
  /** Whether `fmr` is a bound, and the rate that or less: the comparisons of strangers behind the threshold curve support no smaller one. */
  fmr_is_bound?: boolean;
  group_id: string | null;
  quality: Quality;
  has_image: boolean;
}

/** A subject, as a sighting names it. */
export interface SeenSubject {
  id: string;
  name: string;
}

/** Faces left out one after the other and looked for, at the collection's rate. */
export interface SelfTest {
  /** Of faces whose subject has others: those that are given its name. */
  found: Share;
  /** Of the same: those that are given another name. */
  wrong: Share;
  /** Of faces with their whole subject left out: those that are given a name. Promised is `fpir`. */
  strangers_named: Share;
  /** Of the intervals from `low` to `high`. */
  confidence?: number;
  weakest_friend: number | null;
  best_stranger: number | null;
  /** Faces by the power of ten of the rate of their subject's most similar other face: over 0.1, over 0.01, … and all at or below the smallest one that the curve's comparisons support. */
  friends: number[];
  /** Faces by that of the most similar face of another subject. */
  strangers: number[];
  /** Those with least between weakest friend and best stranger first. */
  subjects: Findings_SubjectTest_;
}

/** Every track of a recording against a collection, longest first. */
export interface SequenceRecognition {
  collection: string;
  encoder: string;
  /** What weighs the frames: a model key, or `quality` for the quality score. */
  aggregator: string;
  /** The similarity needed to be known. */
  threshold: number;
  /** Its false-match rate for one comparison: 1 - (1 - fpir)^(1/subjects). */
  threshold_fmr: number;
  /** N, the enrolled subjects searched. */
  subjects: number;
  width: number;
  height: number;
  /** From the first frame to the last. */
  seconds: number | null;
  total_frames: number;
  /** Numbers of the frames looked at. */
  analysed_frames: number[];
  /** Smallest face looked for in every frame: the shorter side of its box, in pixels. */
  min_face: number;
  /** Whether faces were left out: a frame had more than `max_faces`, or the detector could not look at every place of it. */
  truncated: boolean;
  /** Numbers of the frames where they were. */
  truncated_frames: number[];
  tracks: Track[];
  /** When set, the key was given as many numbers of a subject named here as it may be: those are null until then, and a threshold of the caller's own is moved to the next stricter power of ten. Decisions are made as ever. */
  numbers_withheld_until?: string | null;
  /** Whether nobody but those who were found is named, and nothing is told of the unknown, because the key lacks the scope `browse`. */
  only_matches_named?: boolean;
}

/** Every setting, to be looked at. */
export interface ServerSettings {
  settings: Setting[];
}

/** A browser that is signed in. */
export interface Session {
  id: string;
  created_at: string;
  /** To the minute. */
  last_used_at: string;
  /** Unless it is used before. */
  ends_at: string;
  /** Of the client when it signed in. */
  address: string;
  /** What the browser calls itself. */
  agent: string;
  /** Whether it is the one that asks. */
  current: boolean;
}

/** Browsers that are signed in by one key. */
export interface Sessions {
  /** The one that was used last first. */
  sessions: Session[];
}

/** One setting as the server has it. */
export interface Setting {
  /** Of the environment's variable. */
  name: string;
  /** `(set)` where it may hold a secret. */
  value: string;
  is_default: boolean;
  description: string;
}

/** A share of faces, with its interval of confidence. */
export interface Share {
  hits: number;
  trials: number;
  /** null without a trial. */
  share: number | null;
  low: number;
  high: number;
}

/**
 * One page of sightings; `next_cursor` is null on the last. A page may hold fewer than `limit`,
 * or none, and still have a `next_cursor`: of filters that no index finds, such as quality, it
 * looks at 20,000 sightings.
 */
export interface Sightings {
  items: Seen[];
  /** Send as `cursor` to get the next page. */
  next_cursor?: string | null;
  left_out: LeftOut;
  /** When the last sighting was seen that was looked at, of a page that ended before it was full; null of every other page. */
  looked_back_to?: string | null;
}

/** A receipt of an erasure, which anybody can check who has the public key. */
export interface SignedReceipt {
  /** What was erased, when and how much of it, in ids and numbers. Signed is its JSON with keys in order, without spaces, in ASCII. */
  receipt: Record<string, unknown>;
  /** Ed25519, in base64. */
  signature: string;
  /** Id of the key that signed. */
  key: string;
}

/** A stored style. */
export interface Style {
  name: string;
  /** Pixels, as it is kept. */
  width: number;
  height: number;
  bytes: number;
  created_at: string;
}

/** An identity of a collection. */
export interface Subject {
  id: string;
  name: string;
  external_id: string | null;
  metadata: Record<string, unknown>;
  faces: number;
  /** The face that stands for it: the chosen one, or its best. */
  face_id?: number | null;
  /** Whether the picture of that face is kept. */
  image_kept?: boolean;
  created_at: string;
  updated_at: string;
  /** Changes with every edit; also the answer's `ETag`, for `If-Match`. */
  version: string;
  /** Fields that an older version stored and that cannot be given out; they stand empty here until they are written anew. */
  unreadable?: string[];
  /** The calendar of the text that this request's `birth_date` was read from, such as `japanese`; null for ISO dates and in all other answers. */
  birth_date_calendar?: string | null;
}

/** A subject as a verdict names it. */
export interface SubjectName {
  id: string;
  name: string;
}

/** The self-test of one subject. */
export interface SubjectTest {
  subject: SubjectName;
  /** That were left out, one after the other. */
  faces: number;
  found: number;
  /** Faces that were given another subject's name. */
  wrong: number;
  /** Rate of the face least like its own subject, a power of ten; null with one face. */
  weakest_friend: number | null;
  /** Rate of the face most like another subject; null where there is none. */
  best_stranger: number | null;
}

/** Something that is probably so, and waits for somebody to say whether it is. */
export interface Suggestion {
  /** The same whenever the same is suggested. */
  id: string;
  kind: "group-is-subject" | "subjects-are-one" | "face-not-subject" | "group-often-seen";
  /** In [0, 1], sorts the list. For a group or subject that is somebody: the share of strangers of whom no subject would look so alike. */
  likelihood: number;
  group_id: string | null;
  /** Faces of the group. */
  size: number | null;
  /** Whom a group shows; one of two that are one; of a face that is not its subject's, that subject. */
  subject: SeenSubject | null;
  /** The other of two subjects; whose a misplaced face may be. */
  other: SeenSubject | null;
  /** The enrolled face that is not its subject's. */
  face_id: number | null;
  found_at: string;
}

/** One person from frame to frame, and the one verdict on all of them. */
export interface Track {
  decision: "known" | "unknown";
  subject: SubjectName | null;
  /** The enrolled face that matched. */
  face_id: number | null;
  /** To the match, or to the best candidate when unknown, to a thousandth; null with none, or where more than one pair of strangers in a hundred is as alike as the enrolled face, or where `numbers_withheld_until` tells of. */
  similarity: number | null;
  /** Estimated false-match rate at this similarity, to one digit; null likewise. */
  fmr: number | null;
  /** Whether `fmr` is a bound, and the rate that or less: the comparisons of strangers behind the threshold curve support no smaller one. */
  fmr_is_bound?: boolean;
  /** Similarity ahead of the next subject; null unless both are given. */
  margin: number | null;
  candidates: Candidate[];
  /** The frame of the greatest weight. */
  best_frame: number;
  /** In order of time: the curve of similarity. */
  frames: TrackFrame[];
}

/** The face in one frame. */
export interface TrackFrame {
  /** Number in the recording, from 0 on. */
  frame: number;
  /** Since the first frame; null for images. */
  seconds: number | null;
  box: Box;
  probability: number;
  quality: Quality;
  /** Share in the track's template; they sum to 1. */
  weight: number;
  /** Of this frame alone, to the face that matched or nearly did, to a thousandth; null where they are not alike, and in all frames where the key may not be given as many numbers of the subject. */
  similarity: number | null;
}

/** Changes that undoing an operation has made. */
export interface Undone {
  operation_id: string;
  /** Faces that went back; those erased since stay erased. */
  moved: number;
  /** The subject that a merge had removed. */
  restored_subject_id: string | null;
  /** The subject that had been made for it, when nothing was left of it. */
  removed_subject_id: string | null;
  /** The group that is as it was before, of what was done to one; null when all of its faces were erased. */
  group_id: string | null;
}

/** A face that none of its subject's other faces is like. */
export interface UnlikeFace {
  face_id: number;
  subject: SubjectName;
  /** How often two strangers are as alike, at most: a power of ten. */
  fmr: number;
}

/** A face that nobody has named. */
export interface UnnamedFace {
  /** Of the sighting; enrolled faces have ids of their own. */
  id: number;
  /** Path of its picture below the imported directory. */
  source: string;
}

/** Usage of what a collection's policy bounds; null where it bounds nothing. */
export interface Usage {
  subjects: number | null;
  /** Those without a name included. */
  faces: number | null;
  /** Of kept pictures, as they are stored. */
  bytes: number | null;
}

/** The verdict of a 1:1 comparison. */
export interface Verification {
  match: boolean;
  /** Cosine, in [-1, 1], to a thousandth; not a percentage. Null where more than one pair of strangers in a hundred is as alike as the enrolled face, or where `numbers_withheld_until` tells of. */
  similarity: number | null;
  /** The similarity needed. */
  threshold: number;
  /** Estimated share of pairs of strangers that score this similarity or more, to one digit; null without a similarity, or for an encoder that was never calibrated. */
  fmr: number | null;
  /** Whether `fmr` is a bound, and the rate that or less: the comparisons of strangers behind the threshold curve support no smaller one. */
  fmr_is_bound?: boolean;
  /** The false-match rate the threshold stands for; null without calibration. */
  threshold_fmr: number | null;
  encoder: string;
  probe: ComparedFace;
  reference?: ComparedFace | null;
  /** Of a claim; null when it is denied to a key without `browse`. */
  subject?: SubjectName | null;
  /** The subject's most similar face; null likewise. */
  face_id?: number | null;
  /** Of a claim: whether it is similar enough, and no match because it is nearer to a face that somebody said is not the subject's. */
  denied?: boolean;
  /** When set, the key was given as many numbers of a subject named here as it may be: those are null until then, and a threshold of the caller's own is moved to the next stricter power of ten. Decisions are made as ever. */
  numbers_withheld_until?: string | null;
}

/** A subject with too few faces, or with none that is good enough. */
export interface WeakSubject {
  subject: SubjectName;
  faces: number;
  /** Of its best face; null without one. */
  best_quality: number | null;
}

/** An address that is told of events. */
export interface Webhook {
  id: string;
  url: string;
  /** Every kind where it is empty. */
  kinds: ("sighted" | "recognized" | "enrolled" | "erased" | "group-named" | "health-changed")[];
  collection_id: string | null;
  created_at: string;
  /** Deliveries that are tried again, or for the first time. */
  waiting: number;
  /** Deliveries that were given up. */
  dead: number;
  /** Times that events were gone before they could be delivered. */
  missed: number;
}

/** The outcome of a call. */
export interface WebhookTest {
  delivered: boolean;
  error: string | null;
}

/** Every address that is told of events, the oldest first. */
export interface Webhooks {
  items: Webhook[];
}
