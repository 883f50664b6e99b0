# The image has gdfctl, certificates, and nothing that a person could log in to.
# Time zones are part of the program. A state in a git repository needs the git
# program: build with --target git for that.
#
#   docker build -t gdfctl .                    a static program in an empty image
#   docker build -t gdfctl:git --target git .   with git and ssh
#   docker build -t gdfctl:agent --target agent .   the same, for agents: see deploy/
#   docker run --rm -v "$PWD:/work" -e GDF_CONSUMER_KEY gdfctl plan

FROM golang:1.26-bookworm AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
ARG VERSION=
RUN CGO_ENABLED=0 go build -trimpath -buildvcs=false -ldflags "-s -w ${VERSION:+-X main.linked=$VERSION}" -o /out/gdfctl ./cmd/gdfctl \
 && mkdir -p /out/tmp /out/work && chmod 1777 /out/tmp

FROM debian:bookworm-slim AS git
# ssh refuses to work for a user without a name.
RUN apt-get update && apt-get install -y --no-install-recommends ca-certificates git openssh-client && rm -rf /var/lib/apt/lists/* \
 && useradd --uid 65532 --user-group --home-dir /var/lib/gdfctl --no-create-home --shell /usr/sbin/nologin gdfctl
COPY --from=build /out/gdfctl /usr/local/bin/gdfctl
# The level of the call limit is kept in the cache, below HOME.
ENV HOME=/tmp
WORKDIR /work
USER 65532:65532
ENTRYPOINT ["/usr/local/bin/gdfctl"]

# An agent for the workspaces in /etc/gdfctl/agent.hcl. Whoever starts it asks /healthz
# and /readyz, and gives it 30 seconds to stop.
FROM git AS agent
USER root
RUN install -d -o 65532 -g 65532 -m 700 /var/lib/gdfctl
USER 65532:65532
WORKDIR /var/lib/gdfctl
VOLUME /var/lib/gdfctl
EXPOSE 9180
CMD ["agent", "--config", "/etc/gdfctl/agent.hcl", "--log", "json", "--metrics-listen", "0.0.0.0:9180"]

FROM scratch AS static
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/ca-certificates.crt
COPY --from=build --chown=65532:65532 /out/work /work
COPY --from=build /out/tmp /tmp
COPY --from=build /out/gdfctl /usr/local/bin/gdfctl
ENV HOME=/tmp
WORKDIR /work
USER 65532:65532
ENTRYPOINT ["/usr/local/bin/gdfctl"]
