"""Processor threads that one network may use."""

import cv2
import torch


def set_threads(count: int) -> None:
    """Give torch and OpenCV `count` threads per operation. Call once, before the first use.

    A server that runs several pictures at once is fastest with few threads each.
    """
    torch.set_num_threads(count)
    cv2.setNumThreads(count)
