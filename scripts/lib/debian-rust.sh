# shellcheck shell=bash
# Debian 13's Rust 1.85.1 with the target wasm32-unknown-unknown, for machines on which rustup
# cannot download. Sourced, not run.
#
# It is unpacked into a folder of its own, without root, and runs on that folder's own C library:
# nothing of the system is touched, and the system may be older than the packages.

debian_prefix=$bulwark_cache/debian-rust-1.85.1
debian_rustc=$debian_prefix/run/rustc
debian_wasm_ld=$debian_prefix/run/wasm-ld
debian_mirror=http://deb.debian.org/debian
debian_packages='rustc libstd-rust-1.85 libstd-rust-dev libstd-rust-dev-wasm32 lld-19 libllvm19
    libz3-4 libstdc++6 libgcc-s1 libc6 zlib1g libzstd1 libedit2 libffi8 libxml2 liblzma5 libtinfo6
    libbsd0 libmd0'

debian_rust_ready() {
    [ -x "$debian_rustc" ] && [ -x "$debian_wasm_ld" ] && "$debian_rustc" --version >/dev/null 2>&1
}

# apt with a configuration, lists and a cache of its own below FOLDER.
write_apt_configuration() {
    local folder=$1 keyring=$2
    mkdir -p "$folder/lists/partial" "$folder/archives/partial" "$folder/parts"
    : >"$folder/status"
    printf 'deb [arch=amd64 signed-by=%s] %s trixie main\n' "$keyring" "$debian_mirror" \
        >"$folder/sources.list"
    cat >"$folder/apt.conf" <<CONF
Dir::Etc::sourcelist "$folder/sources.list";
Dir::Etc::sourceparts "$folder/parts";
Dir::Etc::preferencesparts "$folder/parts";
Dir::State::lists "$folder/lists";
Dir::State::status "$folder/status";
Dir::Cache "$folder";
Dir::Cache::archives "$folder/archives";
APT::Architecture "amd64";
APT::Architectures { "amd64"; };
APT::Sandbox::User "";
Acquire::Languages "none";
CONF
}

# write_wrapper FILE PREFIX PROGRAM: a script that runs the prefix's program with its own loader.
write_wrapper() {
    local file=$1 prefix=$2 program=$3
    local libraries=$prefix/usr/lib/x86_64-linux-gnu
    cat >"$file" <<WRAPPER
#!/bin/sh
exec '$libraries/ld-linux-x86-64.so.2' --library-path '$libraries:$prefix/usr/lib/llvm-19/lib' \\
    '$prefix/usr/bin/$program' "\$@"
WRAPPER
    chmod +x "$file"
}

# Fails, with words, where there is no apt, no Debian keyring or no way to the mirror.
install_debian_rust() {
    local keyring=/usr/share/keyrings/debian-archive-keyring.gpg
    if [ "$(uname -sm)" != 'Linux x86_64' ] || ! command -v apt-get >/dev/null ||
        ! command -v dpkg-deb >/dev/null || [ ! -r "$keyring" ]; then
        note "no Debian packages on this machine: they need x86-64 Linux, apt-get, dpkg-deb and $keyring"
        return 1
    fi
    note "unpacking Debian's Rust 1.85.1 for wasm into the cache (about 200 MB, once)"
    local work
    mkdir -p "$bulwark_cache"
    work=$(mktemp -d "$bulwark_cache/debian-rust.XXXXXX")
    if ! quietly "getting Debian's Rust" fetch_debian_rust "$work" "$keyring"; then
        rm -rf -- "$work"
        return 1
    fi
    rm -rf -- "$debian_prefix"
    mv -- "$work/prefix" "$debian_prefix"
    rm -rf -- "$work"
}

fetch_debian_rust() {
    local work=$1 keyring=$2 package
    write_apt_configuration "$work/apt" "$keyring" || return
    mkdir "$work/packages" "$work/prefix" "$work/prefix/run" || return
    (
        cd "$work/packages" || exit
        export APT_CONFIG=$work/apt/apt.conf
        # shellcheck disable=SC2086 # one word per package
        apt-get -q update && apt-get -q download $debian_packages
    ) || return
    for package in "$work"/packages/*.deb; do
        dpkg-deb -x "$package" "$work/prefix" || return
    done
    # The wrappers name the place to which the prefix will be moved.
    write_wrapper "$work/prefix/run/rustc" "$debian_prefix" rustc
    write_wrapper "$work/prefix/run/wasm-ld" "$debian_prefix" wasm-ld-19
}
