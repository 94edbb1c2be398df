"""The format as it is mounted."""

from app.api.kit.wire_format import WireFormat
from app.api.rekognition.addresses import takes
from app.api.rekognition.authentication import authenticate
from app.api.rekognition.problems import answer
from app.api.rekognition.router import router

REKOGNITION = WireFormat(
    name="rekognition",
    takes=takes,
    router=router,
    authenticate=authenticate,
    answer=answer,
    sent_headers=(
        "Authorization",
        "X-Amz-Target",
        "X-Amz-Date",
        "X-Amz-Content-Sha256",
        "X-Amz-User-Agent",
        "Amz-Sdk-Invocation-Id",
        "Amz-Sdk-Request",
    ),
)
