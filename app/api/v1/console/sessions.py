"""Sessions of browsers: a key is exchanged for one."""

from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Path, Request, Response, status
from fastapi.security.utils import get_authorization_scheme_param

from app.api.edge import Edge
from app.api.kit.access import Anybody, AtEdge
from app.api.kit.session_cookies import COOKIE, require_own_page, set_cookie
from app.api.v1.console.schemas import Caller, EndedSessions, Session, Sessions
from app.api.v1.problems import CHANGE_PROBLEMS, COMMON_PROBLEMS, responses
from app.domain.errors.requests import MissingKeyError
from app.platform.version import VERSION
from app.services.keys import LOCAL, Principal
from app.services.sessions import csrf_token_of

router = APIRouter(tags=["sessions"])

SessionInPath = Annotated[
    str, Path(max_length=64, description="The session's id.", examples=["8f14e45fceea167a"])
]


@router.post(
    "/session",
    status_code=status.HTTP_201_CREATED,
    responses=responses(*CHANGE_PROBLEMS, "foreign-origin"),
)
def sign_in(caller: Anybody, edge: AtEdge, request: Request, response: Response) -> Caller:
    """Exchange the key in `Authorization` for a session, whose cookie comes with the answer.

    A session that the browser had ends. While keys are off there is nothing to sign in to, and
    no cookie.
    """
    require_own_page(request)
    if caller == LOCAL:
        return _described(edge, caller, None)
    if caller.session_id is not None:
        raise MissingKeyError("Signing in needs the key itself.", hint="Send it as Bearer.")
    _, token = get_authorization_scheme_param(request.headers.get("authorization"))
    sessions = edge.use_cases.sessions
    begun = sessions.begin(
        token,
        agent=request.headers.get("user-agent", ""),
        instead_of=request.cookies.get(COOKIE, ""),
    )
    set_cookie(request, response, begun.cookie)
    signed_in = replace(caller, session_id=begun.session.id)
    return _described(edge, signed_in, begun.cookie)


@router.get("/session", responses=responses(*COMMON_PROBLEMS))
def who(caller: Anybody, edge: AtEdge, request: Request) -> Caller:
    """Tell whoever asks who they are and what they may do, with the token of their session."""
    return _described(edge, caller, request.cookies.get(COOKIE))


@router.delete("/session", responses=responses(*CHANGE_PROBLEMS))
def sign_out(caller: Anybody, edge: AtEdge, request: Request, response: Response) -> EndedSessions:
    """End the session that asks; a caller who sends the key itself has none."""
    set_cookie(request, response, "")
    if caller.session_id is None:
        return EndedSessions(ended=0)
    edge.use_cases.sessions.end(caller, caller.session_id)
    return EndedSessions(ended=1)


@router.get("/sessions", responses=responses(*COMMON_PROBLEMS))
def list_sessions(caller: Anybody, edge: AtEdge) -> Sessions:
    """Browsers that are signed in by the caller's key."""
    sessions = edge.use_cases.sessions
    return Sessions(
        sessions=[
            Session.of(one, sessions.limits, caller.session_id) for one in sessions.list(caller)
        ]
    )


@router.delete("/sessions", responses=responses(*CHANGE_PROBLEMS))
def sign_out_everywhere(caller: Anybody, edge: AtEdge) -> EndedSessions:
    """End all sessions of the caller's key."""
    return EndedSessions(ended=edge.use_cases.sessions.end_all(caller))


@router.delete(
    "/sessions/{session}",
    status_code=status.HTTP_204_NO_CONTENT,
    responses=responses(*CHANGE_PROBLEMS, "unknown-session"),
)
def end(session: SessionInPath, caller: Anybody, edge: AtEdge) -> None:
    """End one session of the caller's key."""
    edge.use_cases.sessions.end(caller, session)


def _described(edge: Edge, caller: Principal, cookie: str | None) -> Caller:
    sessions = edge.use_cases.sessions
    session = sessions.get(caller)
    shown = Session.of(session, sessions.limits, session.id) if session is not None else None
    return Caller.of(
        caller,
        edge.use_cases.keys.get(caller.key_id) if caller != LOCAL else None,
        session=shown,
        csrf_token=csrf_token_of(cookie) if cookie and shown is not None else None,
        idle_seconds=sessions.limits.idle.total_seconds(),
        version=VERSION,
    )
