# What CI runs, by name. The commands stand once, in .ci/run, which also works without just.

# Lists the recipes.
default:
    @just --list

# Everything, as CI does.
ci:
    .ci/run

# Formatting.
fmt:
    .ci/run fmt

# Lints, warnings denied.
clippy:
    .ci/run clippy

# Tests without default features, with them, with all; conformance suites where their folder is.
test:
    .ci/run test

# How work grows with the input: counts of files, layers, nodes, allocations.
counters:
    .ci/run counters

# Documentation, warnings denied.
doc:
    .ci/run doc

# Every library as it would be published.
package:
    .ci/run package

# Licences, sources and bans of dependencies.
deny:
    .ci/run deny

# The README's main command.
example:
    .ci/run example

# Micro benchmarks: reader, writer, merge, references.
bench *ARGS:
    cargo bench --locked -p gitops-benches --bench '*' -- {{ARGS}}

# Paired comparison with kubectl, which lies in the folder PEER.
compare PEER *ARGS:
    cargo run --locked --release -q -p gitops-benches -- compare --peer {{PEER}} {{ARGS}}
