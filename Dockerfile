# sdkaudit as one static program. Two images:
#   docker build -t sdkaudit .                         nothing but the program
#   docker build -t sdkaudit:shell --target shell .    with a shell, for build servers that run scripts in the image
#
#   docker run --rm --network none -v "$PWD:/work:ro" sdkaudit audit app.apk --declared policy.md

FROM rust:1.95-alpine AS build
RUN apk add --no-cache musl-dev gcc
WORKDIR /src
COPY . .
# Alpine's target is musl: the program needs no library at run time.
RUN cargo build --release --locked && cp target/release/sdkaudit /sdkaudit

FROM alpine:3 AS shell
COPY --from=build /sdkaudit /usr/local/bin/sdkaudit
WORKDIR /work
CMD ["/bin/sh"]

FROM scratch
COPY --from=build /sdkaudit /sdkaudit
WORKDIR /work
USER 65534:65534
ENTRYPOINT ["/sdkaudit"]
