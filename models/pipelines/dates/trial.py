"""A trial of a reader of dates: whether the network can be run as its manifest says."""

from typing import cast

from torch import nn

from models.nets.seq2seq import AttentionSeq2Seq
from models.pipelines.dates.reading import DateReader
from models.registry.manifests.dates import DateReaderManifest


def try_reader(network: nn.Module, manifest: DateReaderManifest) -> None:
    """Read one date. What goes wrong in the network comes out as it is."""
    DateReader(cast(AttentionSeq2Seq, network), manifest).read("1999-12-31")
