"""Class 11: the network. Each answer is right if it can reach anything."""

from tests.attacks.attack import RIGHT_CALL, Attack, Attacks


def _reaches(code: str) -> Attack:
    """Return an attack whose function is only defined where the code before it goes through."""
    return Attack(f"import socket\n{code}\n{RIGHT_CALL}")


ATTACKS: Attacks = {
    "loopback": _reaches("socket.create_connection(('127.0.0.1', PORT), timeout=1)"),
    "cloud metadata": _reaches("socket.create_connection(('169.254.169.254', 80), timeout=1)"),
    "a datagram": _reaches(
        "sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)\n"
        "sock.sendto(b'x', ('127.0.0.1', PORT))\n"
        "sock.connect(('192.0.2.1', 53)); sock.send(b'x')"
    ),
    "a name": _reaches("socket.getaddrinfo('example.com', 443)"),
    "a listener": _reaches(
        "server = socket.create_server(('0.0.0.0', 0))\n"
        "socket.create_connection(server.getsockname(), timeout=1)"
    ),
    "a raw socket": _reaches("socket.socket(socket.AF_INET, socket.SOCK_RAW, 1)"),
    "a netlink socket": _reaches(
        "socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0).bind((0, 0))"
    ),
    "another's socket in the file system": _reaches(
        "import glob, os, stat\n"
        "found = [each for top in ('/tmp', '/run', '/var/run')\n"
        "         for each in glob.glob(f'{top}/**', recursive=True)\n"
        "         if stat.S_ISSOCK(os.stat(each).st_mode)]\n"
        "others = [each for each in found if str(os.getpid()) not in each]\n"
        "sock = socket.socket(socket.AF_UNIX); sock.connect(OTHERS_SOCKET)"
    ),
    "an abstract socket": _reaches(
        "sock = socket.socket(socket.AF_UNIX); sock.connect(ABSTRACT_SOCKET)"
    ),
}
"""PORT, OTHERS_SOCKET and ABSTRACT_SOCKET are put in by the test, which listens there."""
