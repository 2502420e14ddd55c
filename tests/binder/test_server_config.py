"""The Jupyter server of `make lab` and of Binder: what our configuration asks of it is there."""

from types import SimpleNamespace

from jupyter_server.serverapp import ServerApp
from jupyter_server.services.kernels.connection.channels import ZMQChannelsWebsocketConnection
from traitlets.config import PyFileConfigLoader

from tests.exercises.proof import ROOT


def loaded():
    """Return the configuration as a Jupyter server reads it."""
    folder = ROOT / "binder" / "jupyter"
    return PyFileConfigLoader("jupyter_server_config.py", str(folder)).load_config()


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
