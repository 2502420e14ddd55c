"""Configure the Jupyter server of `make lab` and of Binder; both point JUPYTER_CONFIG_PATH here."""

import logging

from jupyter_server.services.kernels.connection.channels import ZMQChannelsWebsocketConnection

c = get_config()  # noqa: F821 -- Jupyter defines it before it runs this file

c.ServerApp.jpserver_extensions = {
    # For instructors: in front of a learner they only report a missing exchange folder.
    "nbgrader.server_extensions.assignment_list": False,
    "nbgrader.server_extensions.course_list": False,
    "nbgrader.server_extensions.formgrader": False,
    "nbgrader.server_extensions.validate_assignment": False,
}

# No language server is installed; Jupyter would search for twenty and list them as missing.
c.LanguageServerManager.autodetect = False

# In a container everybody is root, and the server listens on localhost behind a token anyway.
c.ServerApp.allow_root = True


def is_not_about_pings(record):
    """Return whether a record isn't Tornado's warning of Jupyter Server's patience.

    Jupyter Server pings by itself: after 30 s, and gives up after 90. Tornado reads its settings
    too, and would have the patience at most as long as the pause; then Jupyter Server would close
    each connection before its first ping is answered, with what is under way.
    """
    return "websocket_ping_timeout" not in str(record.msg)


logging.getLogger("tornado.general").addFilter(is_not_about_pings)


class PromptConnection(ZMQChannelsWebsocketConnection):
    """Send each message of a kernel at once.

    Without this, the second of two small messages waits until the browser acknowledges the first,
    40 ms on Linux (man 7 tcp, TCP_NODELAY): every widget answers that much later.
    """

    def connect(self):
        """Begin to pass messages on."""
        self.websocket_handler.set_nodelay(True)
        return super().connect()


c.ServerApp.kernel_websocket_connection_class = PromptConnection
