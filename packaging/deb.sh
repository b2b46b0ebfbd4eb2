#!/usr/bin/env bash
# Makes mms_VERSION_ARCH.deb: the program, its licences, completions and man pages, for Debian and Ubuntu.
#
#   packaging/deb.sh
#
# Needs the toolchain and dpkg-dev. The program is linked to this machine's glibc, and the package says from which version
# on it runs: build it on the oldest release that it is meant for. The smoke test unpacks the package; as root, and with
# MMS_INSTALL=1, it installs and removes it, too.
set -euo pipefail
# shellcheck source=common.sh
source "$(dirname "$0")/common.sh"

need dpkg-shlibdeps "apt-get install dpkg-dev"
build_mms
mms="$TARGET/release/mms"

arch="$(dpkg --print-architecture)"
stage="$SCRATCH/deb"
install -D "$mms" "$stage/usr/bin/mms"
strip --strip-all "$stage/usr/bin/mms"
collect_extras "$mms" "$stage/usr"
# PowerShell reads no completions from a folder of the system.
rm -rf "$stage/usr/share/mms"
# Debian keeps zsh's under a name of its own.
if [ -d "$stage/usr/share/zsh" ]; then
    mv "$stage/usr/share/zsh/site-functions" "$stage/usr/share/zsh/vendor-completions"
fi
find "$stage/usr/share" -name '*.1' -exec gzip -n9 {} +
doc="$stage/usr/share/doc/mms"
mkdir -p "$doc"
gzip -n9 <CHANGELOG.md >"$doc/changelog.gz"
{
    echo "Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/"
    echo "Upstream-Name: mms"
    echo
    echo "Files: *"
    echo "Copyright: the mms contributors"
    echo "License: Expat or Apache-2.0"
    for licence in Expat:LICENSE-MIT Apache-2.0:LICENSE-APACHE; do
        echo
        echo "License: ${licence%%:*}"
        sed 's/^$/./; s/^/ /' "${licence#*:}"
    done
} >"$doc/copyright"

# dpkg-shlibdeps wants a source package around it.
mkdir "$SCRATCH/debian"
printf 'Source: mms\n\nPackage: mms\nArchitecture: any\n' >"$SCRATCH/debian/control"
depends="$(cd "$SCRATCH" && dpkg-shlibdeps -O "deb/usr/bin/mms" | sed -n 's/^shlibs:Depends=//p')"
[ -n "$depends" ] || fail "dpkg-shlibdeps names no dependencies"

mkdir "$stage/DEBIAN"
cat >"$stage/DEBIAN/control" <<CONTROL
Package: mms
Version: $VERSION
Architecture: $arch
Maintainer: ${MMS_MAINTAINER:-the mms contributors}
Installed-Size: $(du -sk --exclude=DEBIAN "$stage" | cut -f1)
Depends: $depends
Recommends: ca-certificates
Section: utils
Priority: optional
Description: child organizations of a Make distributor
 The command mms lists, creates and funds the child organizations that a
 distributor of the automation platform Make has, and reports what they
 consume. It brings a sandbox that stands in for Make's API in tests.
CONTROL
chmod -R u=rwX,go=rX "$stage"
find "$stage" -exec touch --no-dereference --date="@$SOURCE_DATE_EPOCH" {} +
package="$SCRATCH/mms_${VERSION}_$arch.deb"
dpkg-deb --root-owner-group -Zxz --build "$stage" "$package"

dpkg-deb --extract "$package" "$SCRATCH/unpacked"
smoke_test "$SCRATCH/unpacked/usr/bin/mms"
if [ "${MMS_INSTALL:-}" = 1 ]; then
    dpkg --install "$package"
    smoke_test /usr/bin/mms
    dpkg --remove mms
fi
publish "$package"
