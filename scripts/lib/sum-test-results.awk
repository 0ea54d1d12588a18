# Adds up what `cargo test` printed. Prints three numbers: passed, failed, skipped.
#
# Every test binary and every crate's documentation tests print `running N tests` when they begin
# and `test result: …` when they end. One that began and did not end was killed (an abort, a stack
# overflow), and no line counts its tests: that is one failure.

/^running [0-9]+ tests?$/ { begun++ }

/^test result: (ok|FAILED)\. [0-9]+ passed; [0-9]+ failed; [0-9]+ ignored;/ {
    ended++
    passed += $4
    failed += $6
    skipped += $8
}

END {
    if (begun > ended) failed += begun - ended
    printf "%d %d %d\n", passed, failed, skipped
}
