"""The proof of `convert_image_part`."""

from tests.exercises.proof import Proof, Wrong

_IMAGE = """
def convert_image_part(part):
    url = part["image_url"]
    url = url if isinstance(url, str) else url["url"]
    if not url.startswith("data:"):
        return {"type": "image", "source": {"type": "url", "url": url}}
    head, data = url.split(",", 1)
    media_type = head.removeprefix("data:").removesuffix(";base64")
    source = {"type": "base64", "media_type": media_type, "data": data}
    return {"type": "image", "source": source}
"""
_URL = '{"type": "url", "url": url}'
_LAST = '"source": source}'

_WRONG = (
    Wrong(
        "address-changed",
        _IMAGE.replace(_URL, '{"type": "url", "url": url.replace("base64,", "")}'),
        3,
    ),
    Wrong("image-url-kept", "def convert_image_part(part):\n    return part"),
    Wrong("image-url-kept", _IMAGE.replace('"type": "image",', '"type": "image_url",')),
    Wrong("image-url-kept", _IMAGE.replace(_LAST, '"image_url": source}')),
    Wrong("prefix-kept", _IMAGE.replace('"data": data', '"data": url'), 2),
    Wrong("media-type-guessed", _IMAGE.replace('": media_type', '": "image/png"'), 2),
    Wrong("media-type-guessed", _IMAGE.replace('": media_type', '": "image/jpeg"'), 2),
    Wrong("media-type-guessed", _IMAGE.replace('.removeprefix("data:")', ""), 2),
    Wrong("media-type-guessed", _IMAGE.replace('.removesuffix(";base64")', ""), 2),
    Wrong("url-as-data", _IMAGE.replace('if not url.startswith("data:")', "if 0"), 2, "Crashed"),
    Wrong(
        "media-type-guessed",
        _IMAGE.replace('": media_type', '": media_type.replace("jpeg", "jpg")'),
        2,
        saw="not image/jpeg",
    ),
    Wrong("media-type-guessed", _IMAGE.replace('": media_type', '": url[5:14]'), 2),
    Wrong("prefix-kept", _IMAGE.replace('"data": data', '"data": "data:" + data'), 2),
    Wrong("data-altered", _IMAGE.replace('"data": data', '"data": data.lower()'), 2),
    Wrong("data-altered", _IMAGE.replace('"data": data', '"data": data.replace("A", "_")'), 2),
    *(
        Wrong(
            "url-as-data",
            _IMAGE.replace('if not url.startswith("data:")', f"if {word!r} not in url"),
            2,
        )
        for word in ("base64,", "data:image")
    ),
    Wrong("data-changed", _IMAGE.replace('"data": data', '"data": url[22:]'), 2),
    Wrong(
        "data-as-bytes",
        "import base64\n" + _IMAGE.replace('"data": data', '"data": base64.b64decode(data)'),
        2,
    ),
    Wrong("data-as-bytes", _IMAGE.replace('"data": data', '"data": data.encode()'), 2),
    Wrong(
        "url-as-data",
        _IMAGE.replace('if not url.startswith("data:")', 'if "," not in url').replace(
            'url.split(",", 1)', 'url.rsplit(",", 1)'
        ),
        2,
    ),
    Wrong(
        "url-as-data",
        _IMAGE.replace('if not url.startswith("data:")', 'if not url.partition(",")[2]'),
        2,
    ),
    Wrong(
        "url-as-data",
        _IMAGE.replace('if not url.startswith("data:")', 'if "data:" not in url'),
        2,
    ),
    Wrong(
        "url-as-data",
        _IMAGE.replace('if not url.startswith("data:")', 'if "base64" not in url'),
        2,
    ),
    Wrong(
        "url-as-data",
        _IMAGE.replace(
            'if not url.startswith("data:")', 'if url.endswith((".png", ".jpg", ".webp"))'
        ),
        2,
        "Crashed",
    ),
    Wrong("address-changed", _IMAGE.replace(_URL, '{"type": "url", "url": url.split("?")[0]}'), 3),
    Wrong(
        "address-changed",
        _IMAGE.replace(_URL, '{"type": "url", "url": url.lower().split("#")[0]}'),
        3,
    ),
    Wrong(
        "address-changed",
        "from urllib.parse import unquote\n"
        + _IMAGE.replace(_URL, '{"type": "url", "url": unquote(url)}'),
        3,
    ),
    *(
        Wrong(
            "address-changed",
            f"from urllib.parse import {name}\n"
            + _IMAGE.replace(_URL, f'{{"type": "url", "url": {written}}}'),
            3,
        )
        for name, written in (
            ("quote", "quote(url, safe=':/?=&%,;#@+')"),
            ("quote", "quote(url, safe=':/?=&%,;#@+[]')"),
            ("urlsplit", "urlsplit(url).geturl()"),
            ("quote", "url.replace('&amp;', '&')"),
            ("quote", "url.rstrip('?/')"),
            ("quote", "url.encode('ascii', 'ignore').decode()"),
        )
    ),
    Wrong("source-alone", _IMAGE.replace('{"type": "image", "source": source}', "source")),
    Wrong("source-alone", _IMAGE.replace('{"type": "image", "source": ' + _URL + "}", _URL), 2),
    Wrong(
        "block-in-a-list",
        _IMAGE.replace(
            'return {"type": "image", "source": source}',
            'return [{"type": "image", "source": source}]',
        ),
    ),
    Wrong(
        "whole-message",
        _IMAGE.replace(
            'return {"type": "image", "source": source}',
            'return {"role": "user", "content": [{"type": "image", "source": source}]}',
        ),
    ),
    Wrong(
        "downloaded",
        "from urllib.error import URLError\n"
        + _IMAGE.replace(
            'return {"type": "image", "source": ' + _URL + "}", "raise URLError('no route')"
        ),
        2,
        "Crashed",
    ),
    Wrong(
        "extra-keys",
        _IMAGE.replace(
            '"source": source}',
            '"source": {**source, **({"detail": "low"} if "detail" in str(part) else {})}}',
        ),
        3,
    ),
    Wrong(
        "url-as-data",
        _IMAGE.replace('if not url.startswith("data:")', "if 0").replace(
            'head, data = url.split(",", 1)', 'head, _, data = url.partition(",")'
        ),
        2,
    ),
    Wrong(
        "url-as-data",
        _IMAGE.replace(_URL, '{"type": "base64", "media_type": "image/png", "data": url}'),
        2,
    ),
    Wrong("extra-keys", _IMAGE.replace(_LAST, '"source": source, "detail": "low"}'), 3),
    Wrong(
        "extra-keys",
        _IMAGE.replace(_LAST, '"source": source, **part, "type": "image"}'),
        3,
    ),
    Wrong("extra-keys", _IMAGE.replace('"data": data}', '"data": data, "detail": "low"}'), 3),
    Wrong("extra-keys", _IMAGE.replace(_LAST, '"source": source, 7: 8}'), 3),
    Wrong(
        "other-source",
        _IMAGE.replace('"media_type": media_type, "data": data', '"url": data'),
        1,
    ),
    Wrong("data-uri-as-url", _IMAGE.replace('if not url.startswith("data:")', "if True"), 1),
    Wrong("other-source", _IMAGE.replace('"media_type": media_type, ', ""), 2),
    Wrong("other-source", _IMAGE.replace('"media_type": media', '"mediaType": media'), 2),
    Wrong("other-source", _IMAGE.replace(_LAST, '"source": data}')),
    Wrong(
        "other-source",
        _IMAGE.replace(f'{{"type": "image", "source": {_URL}}}', "None"),
        2,
    ),
    Wrong("other-source", "def convert_image_part(part):\n    pass"),
    Wrong(
        "mutated",
        _IMAGE.replace('url = part["image_url"]', 'url = part.pop("image_url")'),
        3,
        saw="image_url",
    ),
    Wrong("mutated", _IMAGE.replace("    head,", '    part["type"] = "image"\n    head,'), 3),
    # It knows that this is an address.
    *(
        Wrong(
            "address-refused",
            _IMAGE.replace(
                "    if not", f"    if {bad}:\n        raise ValueError(url)\n    if not"
            ),
            2,
            "Crashed",
        )
        for bad in (
            'url.startswith("https:") and not url.endswith((".png", ".jpg"))',
            'not url.startswith("data:") and "?" in url',
        )
    ),
    Wrong(
        "extra-keys", _IMAGE.replace(_URL, '{"type": "url", "url": url, "media_type": "a/b"}'), 3
    ),
    Wrong("crash", _IMAGE.replace('part["image_url"]', "part.image"), 0, "Crashed"),
    Wrong(
        "one-part-only",
        _IMAGE.replace('url if isinstance(url, str) else url["url"]', 'url["url"]'),
        4,
        "Crashed",
    ),
    Wrong(
        "one-part-only",
        _IMAGE.replace('url if isinstance(url, str) else url["url"]', 'url.get("url")'),
        4,
        "Crashed",
    ),
    Wrong(
        "one-part-only",
        _IMAGE.replace('url if isinstance(url, str) else url["url"]', "url"),
        1,
        "Crashed",
    ),
    Wrong(
        "image-url-kept",
        _IMAGE.replace(
            "    url = part",
            '    if part["type"] == "input_image":\n        return part\n    url = part',
        ),
        4,
    ),
    Wrong(
        "other-source",
        _IMAGE.replace(
            "    url = part",
            '    if part["type"] != "image_url":\n        return None\n    url = part',
        ),
        4,
    ),
    Wrong(
        "media-type-guessed",
        _IMAGE.replace(
            '": media_type', '": media_type if part["type"] == "image_url" else "image/png"'
        ),
        4,
    ),
)

_RIGHT = {
    "partition and two helpers": """
def source_of(url):
    head, comma, data = url.partition(";base64,")
    if comma:
        return {"data": data, "media_type": head[len("data:"):], "type": "base64"}
    return {"url": url, "type": "url"}

def convert_image_part(part):
    address = part["image_url"]
    address = address["url"] if type(address) is dict else address
    return dict(source=source_of(address), type="image")
""",
    "a regular expression": """
import re

def convert_image_part(part):
    url = part["image_url"] if part["type"] == "input_image" else part["image_url"]["url"]
    match = re.fullmatch(r"data:(?P<media_type>[^;]+);base64,(?P<data>.+)", url)
    source = {"type": "base64", **match.groupdict()} if match else {"type": "url", "url": url}
    return {"type": "image", "source": source}
""",
    "decoded and encoded again, with the SDK's types": """
import base64
from urllib.request import urlopen
from anthropic.types import Base64ImageSourceParam, ImageBlockParam, URLImageSourceParam

def convert_image_part(part):
    try:
        url = part["image_url"]["url"]
    except TypeError:
        url = part["image_url"]
    if url.startswith("http"):
        return ImageBlockParam(type="image", source=URLImageSourceParam(type="url", url=url))
    with urlopen(url) as picture:
        media_type = picture.headers.get_content_type()
        data = base64.b64encode(picture.read()).decode()
    source = Base64ImageSourceParam(type="base64", media_type=media_type, data=data)
    return ImageBlockParam(type="image", source=source)
""",
    "by match, with a mark for the cache": """
from urllib.parse import urlsplit

def convert_image_part(part):
    print(part.get("detail"))
    match part:
        case {"image_url": {"url": str(url)} | str(url)} if urlsplit(url).scheme == "data":
            media_type, data = url[5:].split(";base64,")
            source = {"type": "base64", "media_type": media_type, "data": data}
        case {"image_url": {"url": url} | url}:
            source = {"type": "url", "url": url}
    return {"type": "image", "source": source, "cache_control": {"type": "ephemeral"}}
""",
}

PROOF = Proof("convert_image_part", wrong=_WRONG, right=_RIGHT)
