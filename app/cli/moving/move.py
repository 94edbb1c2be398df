"""The commands that move people here from another service: `facet move`."""

from contextlib import closing
from pathlib import Path
from typing import Annotated

import typer

from app.cli.bulk.folders import read_folder, require_pictures
from app.cli.bulk.sources import from_directory
from app.cli.console import AsJson, open_cases, read_settings
from app.cli.moving.compreface import CompreFace
from app.cli.moving.insightface import InsightFaceServer
from app.cli.moving.rekognition import external_ids, place_of, without_pictures
from app.cli.moving.work import Listed, Way, move_all
from app.cli.places import check_file
from app.services.use_cases import UseCases

move = typer.Typer(help="Move people here from another service.", no_args_is_help=True)

Collection = Annotated[
    str, typer.Option("--collection", "-c", help="Where to; it has to be there.")
]
Rejects = Annotated[Path, typer.Option(help="A line for each picture that could not be used.")]
Workers = Annotated[int | None, typer.Option(min=1, max=256, help="Pictures at once.")]
Check = Annotated[bool, typer.Option(help="Recognize every picture afterwards, and tell as whom.")]


@move.command()
def compreface(
    url: Annotated[str, typer.Argument(help="The server, such as http://compreface:8000.")],
    key: Annotated[
        str, typer.Option(envvar="COMPREFACE_KEY", help="Of a recognition service there.")
    ],
    collection: Collection,
    rejects: Rejects = Path("compreface.rejects.jsonl"),
    workers: Workers = None,
    check: Check = True,
    as_json: AsJson = False,
) -> None:
    """Move subjects and their pictures from CompreFace.

    Interrupted, run it again: what is there already is fetched and not enrolled twice.
    """
    check_file(rejects, as_json)
    with open_cases(as_json) as cases:
        way = Way(cases.collections.get(collection).name, rejects, workers, check, as_json)
        with closing(CompreFace(url, key, read_settings().max_image_bytes)) as source:
            move_all(cases, source, way)


@move.command("insightface-server")
def insightface_server(
    url: Annotated[str, typer.Argument(help="The server, such as http://insightface:18097.")],
    collection: Collection,
    from_collection: Annotated[
        str | None, typer.Option("--from", help="Its collection, where it has several.")
    ] = None,
    key: Annotated[
        str | None, typer.Option(envvar="INSIGHTFACE_API_KEY", help="Of the server, if it has one.")
    ] = None,
    rejects: Rejects = Path("insightface-server.rejects.jsonl"),
    workers: Workers = None,
    check: Check = True,
    as_json: AsJson = False,
) -> None:
    """Move people and the crops of their faces from InsightFace Server.

    Where its collection saves no crops there is nothing to move, and each face is a reject.
    Interrupted, run it again: what is there already is fetched and not enrolled twice.
    """
    check_file(rejects, as_json)
    with open_cases(as_json) as cases:
        way = Way(cases.collections.get(collection).name, rejects, workers, check, as_json)
        largest = read_settings().max_image_bytes
        with closing(InsightFaceServer(url, key, from_collection, largest)) as source:
            move_all(cases, source, way)


@move.command()
def deepface(
    place: Annotated[
        str,
        typer.Argument(
            envvar="DEEPFACE_STORE",
            help="DeepFace's db_path, the file of its SQLite store, or postgresql://…",
        ),
    ],
    collection: Collection,
    rejects: Rejects = Path("deepface.rejects.jsonl"),
    workers: Workers = None,
    check: Check = True,
    as_json: AsJson = False,
) -> None:
    """Move people from DeepFace: a folder of pictures, or a store of faces.

    In a folder each has one of their own, or pictures by their names; .pkl files are passed over:
    templates of one encoder mean nothing to another. A store keeps crops of faces, of which each
    is enrolled once.
    """
    check_file(rejects, as_json)
    with open_cases(as_json) as cases:
        way = Way(cases.collections.get(collection).name, rejects, workers, check, as_json)
        if Path(place).is_dir():
            _move_folder(cases, Path(place), way)
            return
        from app.cli.moving.deepface_store import DeepFaceStore  # with numpy and pillow

        with closing(DeepFaceStore(place)) as store:
            move_all(cases, Listed(store.items()), way)


@move.command()
def rekognition(
    collection: Collection,
    source: Annotated[
        str | None,
        typer.Argument(help="Folder of the originals, or a bucket of FACET_REKOGNITION_BUCKETS."),
    ] = None,
    faces: Annotated[
        Path | None,
        typer.Option(exists=True, dir_okay=False, help="Output of `aws rekognition list-faces`."),
    ] = None,
    rejects: Rejects = Path("rekognition.rejects.jsonl"),
    workers: Workers = None,
    check: Check = True,
    as_json: AsJson = False,
) -> None:
    """Index originals again by ExternalImageId: collections of Rekognition hold no pictures.

    The name of a picture's folder is its ExternalImageId, or its own beside the folders. With
    `--faces` it is told of which ExternalImageIds there is no picture.
    """
    check_file(rejects, as_json)
    with open_cases(as_json) as cases:
        way = Way(cases.collections.get(collection).name, rejects, workers, check, as_json)
        folder = place_of(source, read_settings().rekognition_buckets)
        _move_folder(cases, folder, way, [] if faces is None else external_ids(faces))


def _move_folder(cases: UseCases, root: Path, way: Way, wanted: list[str] | None = None) -> None:
    found = read_folder(root)
    require_pictures(root, found)
    items = from_directory(found.pictures, root, read_settings().max_image_bytes)
    missing = without_pictures(wanted or [], items)
    move_all(cases, Listed(items), way, folder=found, root=root, missing=missing)
