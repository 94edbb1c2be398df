/** English texts of jobs and of style transfer. */

export const jobs = {
  cancelJob: "Cancel the job",
  contentPicture: "The picture",
  jobs: "Jobs",
  jobsUnderWay: "Jobs under way",
  keepColour: "Keep the colours",
  keepFaces: "Leave faces as they are",
  noJobs: "There are no jobs.",
  paint: "Paint",
  paintingStep: "Size {size} of {sizes}: step {step} of {steps}",
  progress: "Progress",
  queue: "Queue",
  sizeOfPicture: "Longer side in pixels",
  steps: "Steps at each size",
  storedStyle: "Stored style",
  stylePicture: "The manner",
  styleTransfer: "Style transfer",
} as const satisfies Record<string, string>;
