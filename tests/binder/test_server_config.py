"""The Jupyter server of `make lab` and of Binder: what our configuration asks of it is there."""

import logging
from types import SimpleNamespace

import pytest
from jupyter_server.base import websocket
from jupyter_server.serverapp import ServerApp
from jupyter_server.services.kernels.connection.channels import ZMQChannelsWebsocketConnection
from traitlets.config import PyFileConfigLoader

from tests.exercises.proof import ROOT


def loaded():
    """Return the configuration as a Jupyter server reads it."""
    folder = ROOT / "binder" / "jupyter"
    return PyFileConfigLoader("jupyter_server_config.py", str(folder)).load_config()


@pytest.fixture(autouse=True)
def loggers():
    """Take the filters of Tornado's logger back that a configuration adds."""
    logger = logging.getLogger("tornado.general")
    before = list(logger.filters)
    yield
    logger.filters[:] = before


def test_messages_of_a_kernel_are_sent_at_once(monkeypatch):
    """Widgets answer 40 ms earlier; the rest of a connection is Jupyter's own."""
    kind = ServerApp(config=loaded()).kernel_websocket_connection_class
    told = []
    monkeypatch.setattr(ZMQChannelsWebsocketConnection, "connect", lambda _: "connected")
    monkeypatch.setattr(kind, "websocket_handler", SimpleNamespace(set_nodelay=told.append))
    assert kind.__new__(kind).connect() == "connected"
    assert told == [True]


def test_a_learner_sees_nothing_of_nbgrader():
    """Its extensions would report a missing exchange folder."""
    extensions = loaded().ServerApp.jpserver_extensions
    assert extensions
    assert not any(extensions.values())


class _Socket(websocket.WebSocketMixin):
    """Stand for an open connection; did: what was done with it."""

    def __init__(self, settings):
        self.settings = settings
        self.did = []
        self.ws_connection = SimpleNamespace(client_terminated=False)
        self.ping = lambda _data: self.did.append("ping")
        self.close = lambda: self.did.append("close")


@pytest.mark.parametrize("late", [0.0, 0.001, 1.0, 5.0])
def test_a_connection_outlives_its_pings(monkeypatch, late):
    """A timer is late, a pong takes a while: nothing that is under way may be lost by that."""
    now = 1000.0
    loop = SimpleNamespace(time=lambda: now)
    monkeypatch.setattr(websocket.ioloop.IOLoop, "current", lambda: loop)
    settings = loaded().ServerApp.tornado_settings
    socket = _Socket(dict(settings) if isinstance(settings, dict) else {})
    socket.last_ping = socket.last_pong = now
    for _ in range(3):
        now += socket.ping_interval / 1000 + late
        socket.send_ping()
        now += 0.02
        socket.on_pong(b"")
    assert socket.did == ["ping"] * 3


def test_a_terminal_stays_quiet_about_pings():
    """Jupyter's own patience is more than Tornado would have; other warnings are printed."""
    loaded()
    logger = logging.getLogger("tornado.general")
    told = (
        "The websocket_ping_timeout (90000) cannot be longer than the interval (30000).",
        "Something else.",
    )
    records = [
        logger.makeRecord(logger.name, logging.WARNING, "", 0, each, (), None) for each in told
    ]
    assert [each.msg for each in records if logger.filter(each)] == ["Something else."]
