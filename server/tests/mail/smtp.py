"""A mail server for tests (aiosmtpd), on 127.0.0.1. Says its port on standard output, writes letters into a folder.

What it does with a letter depends on the recipient's name:
    refused   550, repeating the address as servers like to
    later     451, each time
    hangs     no answer, ever
    cut       the line goes down in the middle of the letter; the second time it is taken
    mute      the letter is taken, and the line goes down before the server can say so; the second time it says so
"""

import argparse
import asyncio
import logging
import pathlib

from aiosmtpd.smtp import SMTP, AuthResult

logging.disable()  # what goes wrong here is meant to

options = argparse.ArgumentParser()
options.add_argument("folder", type=pathlib.Path)
options.add_argument("--port", type=int, default=0)
options.add_argument("--login", help="user:password, without which nothing is taken")
options = options.parse_args()

done_to = set()


def first_time(address):
    known = address in done_to
    done_to.add(address)
    return not known


def name(envelope):
    return envelope.rcpt_tos[0].split("@")[0]


class Handler:
    async def handle_RCPT(self, server, session, envelope, address, _options):
        envelope.rcpt_tos.append(address)
        if name(envelope) == "refused":
            return f"550 5.1.1 <{address}>: no such mailbox"
        if name(envelope) == "later":
            return f"451 4.7.1 <{address}>: come back later"
        return "250 2.1.5 OK"

    async def handle_DATA(self, server, session, envelope):
        if name(envelope) == "hangs":
            await asyncio.sleep(3600)
        number = len(list(options.folder.glob("*.eml")))
        file = options.folder / f"{number:06}.eml"
        part = file.with_suffix(".part")
        part.write_bytes(envelope.original_content)
        part.rename(file)
        if name(envelope) == "mute" and first_time(envelope.rcpt_tos[0]):
            server.transport.abort()
        return "250 2.0.0 taken"


class Server(SMTP):
    async def smtp_DATA(self, argument):
        recipients = self.envelope.rcpt_tos
        if recipients and name(self.envelope) == "cut" and first_time(recipients[0]):
            await self.push("354 go on")
            await self._reader.readline()
            self.transport.abort()
            return
        await super().smtp_DATA(argument)


def authenticate(_server, _session, _envelope, _mechanism, data):
    user, password = options.login.encode().split(b":")
    return AuthResult(success=(data.login, data.password) == (user, password), handled=False)


def server():
    login = dict(authenticator=authenticate, auth_required=True, auth_require_tls=False) if options.login else {}
    return Server(Handler(), enable_SMTPUTF8=False, hostname="mail.test", **login)


async def main():
    listening = await asyncio.get_running_loop().create_server(server, "127.0.0.1", options.port)
    print(listening.sockets[0].getsockname()[1], flush=True)
    await listening.serve_forever()


asyncio.run(main())
