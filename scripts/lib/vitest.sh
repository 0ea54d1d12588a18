# shellcheck shell=bash
# What vitest counts. Sourced, not run, after common.sh.

passed=0 failed=0 skipped=0

# run_vitest FOLDER COMMAND…: runs a command in a folder, with the arguments that vitest takes for its
# reports appended, and adds what it counted to passed, failed and skipped.
run_vitest() {
    local folder=$1 results status=0 counts more_passed more_failed more_skipped
    shift
    results=$(mktemp)
    (
        cd "$folder"
        "$@" --no-color --reporter=verbose --reporter=json --outputFile.json="$results"
    ) || status=$?
    counts=$(node -e '
        const { numPassedTests, numFailedTests, numPendingTests, numTodoTests } =
            JSON.parse(require("node:fs").readFileSync(process.argv[1], "utf8"));
        console.log(numPassedTests, numFailedTests, numPendingTests + numTodoTests);
    ' "$results" 2>/dev/null) || counts='0 0 0'
    rm -f -- "$results"
    read -r more_passed more_failed more_skipped <<<"$counts"
    # It failed and no test did: a file could not be loaded, or what the tests need could not be started.
    if [ "$status" -ne 0 ] && [ "$more_failed" -eq 0 ]; then
        note "vitest ended with $status before all tests ran"
        more_failed=1
    fi
    passed=$((passed + more_passed))
    failed=$((failed + more_failed))
    skipped=$((skipped + more_skipped))
}
