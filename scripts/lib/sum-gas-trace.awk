# Prints the charges of the transaction that used `gas`, and their sum. Reads the trace twice.
# Fields: number of the meter, its limit, what it has consumed, the charge or `=`, why.

# First time: which meter ended there. Checks before a block and queries end elsewhere.
NR == FNR {
    consumed[$1] = $3
    next
}

FNR == 1 {
    for (number in consumed)
        if (consumed[number] == gas)
            meter = number
    if (meter == "") {
        print "no transaction used " gas " gas" > "/dev/stderr"
        exit 1
    }
}

$1 != meter { next }

# Charges of one access to storage come together, and what was accessed after them.
$4 == "=" {
    report($3 - reported, 5)
    next
}

$5 ~ /^(ReadFlat|ReadPerByte|WriteFlat|WritePerByte|Has|Delete)$/ { next }

{ report($4, 5) }

function report(charge, first,    text, i) {
    for (i = first; i <= NF; i++)
        text = text " " $i
    printf "%7d %s\n", charge, text
    reported += charge
}

END {
    if (meter == "")
        exit 1
    printf "%7d  in all\n", reported
    if (reported != gas) {
        print "the charges do not add up to " gas > "/dev/stderr"
        exit 1
    }
}
