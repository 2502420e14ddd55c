"""Write small PDFs, without the library that reads them."""

import base64
from collections.abc import Sequence


def write_pdf(*pages: Sequence[str], size: tuple[int, int] = (612, 792), trailer: str = "") -> str:
    """Return a PDF in base64; pages: the lines of each.

    size: that of every page, in points. trailer: more of the file's trailer.
    """
    font = "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>"
    objects = ["<< /Type /Catalog /Pages 2 0 R >>", "", font]
    kids = []
    for lines in pages:
        shown = " ".join(f"({_escaped(line)}) Tj T*" for line in lines)
        content = f"BT /F1 12 Tf 72 720 Td 14 TL {shown} ET"
        objects.append(f"<< /Length {len(content)} >>\nstream\n{content}\nendstream")
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {size[0]} {size[1]}] "
            f"/Resources << /Font << /F1 3 0 R >> >> /Contents {len(objects)} 0 R >>"
        )
        kids.append(f"{len(objects)} 0 R")
    objects[1] = f"<< /Type /Pages /Kids [{' '.join(kids)}] /Count {len(kids)} >>"
    return assemble(objects, trailer=trailer)


def assemble(objects: Sequence[str], *, trailer: str = "") -> str:
    """Return a PDF of these objects in base64, the first of them the catalogue."""
    written, offsets = "%PDF-1.4\n", []
    for number, body in enumerate(objects, start=1):
        offsets.append(len(written))
        written += f"{number} 0 obj\n{body}\nendobj\n"
    table = "".join(f"{offset:010} 00000 n \n" for offset in offsets)
    start = len(written)
    written += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}"
    written += f"trailer << /Size {len(objects) + 1} /Root 1 0 R {trailer} >>\n"
    written += f"startxref\n{start}\n%%EOF\n"
    return base64.b64encode(written.encode("cp1252")).decode()


def locked_pdf() -> str:
    """Return a PDF that wants a password."""
    encrypt = f"<< /Filter /Standard /V 1 /R 2 /O <{'00' * 32}> /U <{'11' * 32}> /P -4 >>"
    return write_pdf(["Secret."], trailer=f"/Encrypt {encrypt} /ID [<{'22' * 16}> <{'22' * 16}>]")


def pdf_source(*pages: Sequence[str]) -> dict[str, str]:
    """Return the source of a document that is a PDF."""
    return {"type": "base64", "media_type": "application/pdf", "data": write_pdf(*pages)}


def _escaped(line: str) -> str:
    return line.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")
