#!/usr/bin/env bash
# Tests that a program resolves names and speaks TLS: a static one could have lost both. Nothing leaves this machine.
#
#   packaging/smoke/network.sh MMS
#
# Needs Python 3 and openssl. A server with a certificate for localhost refuses every token. Where its authority is trusted the
# command says that it is not authorized, which only an answer can tell; where it is not, it says so of the certificate.
set -euo pipefail

mms="$1"
scratch="$(mktemp -d)"
server=
trap 'kill $server 2>/dev/null || true; rm -rf "$scratch"' EXIT

openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj "/CN=smoke test" \
    -addext basicConstraints=critical,CA:TRUE -keyout "$scratch/ca.key" -out "$scratch/ca.pem" 2>/dev/null
openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj "/CN=localhost" \
    -keyout "$scratch/key.pem" -out "$scratch/request.pem" 2>/dev/null
printf 'subjectAltName=DNS:localhost\nextendedKeyUsage=serverAuth\n' >"$scratch/extensions"
openssl x509 -req -days 2 -in "$scratch/request.pem" -CA "$scratch/ca.pem" -CAkey "$scratch/ca.key" -CAcreateserial \
    -extfile "$scratch/extensions" -out "$scratch/cert.pem" 2>/dev/null

python3 - "$scratch" <<'PYTHON' &
import http.server, pathlib, ssl, sys

class Unauthorized(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        body = b'{"message": "Unauthorized"}'
        self.send_response(401)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments):
        pass

class Server(http.server.ThreadingHTTPServer):
    def handle_error(self, request, client_address):
        """A client that refuses the certificate is what one of the calls is about."""

scratch = pathlib.Path(sys.argv[1])
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(scratch / "cert.pem", scratch / "key.pem")
server = Server(("127.0.0.1", 0), Unauthorized)
server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
(scratch / "port.new").write_text(str(server.server_port))
(scratch / "port.new").rename(scratch / "port")
server.serve_forever()
PYTHON
server=$!
for _ in $(seq 100); do
    [ -e "$scratch/port" ] && break
    sleep 0.1
done

# call EXIT-CODE TEXT [NAME=VALUE]...: the command ends so and says so.
call() {
    local expected="$1" text="$2" code=0 said
    shift 2
    said="$(env -i HOME="$scratch" MAKE_API_KEY=00000000-0000-4000-8000-000000000001 MMS_ORGANIZATION_ID=11 \
        MMS_BASE_URL="https://localhost:$(cat "$scratch/port")/api/v2" "$@" "$mms" --timeout 20 region list 2>&1)" || code=$?
    if [ "$code" != "$expected" ] || ! grep -qi "$text" <<<"$said"; then
        echo "error: expected exit code $expected and \"$text\", got $code: $said" >&2
        exit 1
    fi
}

call 4 "401" SSL_CERT_FILE="$scratch/ca.pem"
call 1 "certificate"
echo "network test passed: names and TLS"
