#!/bin/sh
# try.sh PACKAGE.deb: a package of landuse installs, works and goes without a trace, on a Debian with what it depends on and nothing more.
set -eu
deb=$1
fail() {
	echo "FAILED: $*" >&2
	exit 1
}
files() {
	find / -xdev \( -path /proc -o -path /sys -o -path /dev -o -path /tmp -o -path /root -o -path /home -o -path /var/log \) -prune -o \
		! -path '/var/lib/dpkg/*-old' -print | sort
}
for tool in cc gcc g++ cmake git; do
	if command -v "$tool"; then fail "there is $tool here: this root folder proves little"; fi
done
useradd --create-home analyst
files >/root/before
dpkg -i "$deb"
dpkg --verify landuse || fail "files differ from the package's"

cat >/home/analyst/walk.sh <<'END'
set -eu
cd
landuse --version
landuse models verify
[ "$(landuse models | grep -c /usr/share/landuse)" -ge 4 ]
cp -r /usr/share/landuse/samples/county .
landuse run county/job.yaml
test -s county/out/report.html
test -s county/out/county.qgz
landuse verify county/out
landuse init county/imagery_2023 -o mine.yaml 2>init.log || cat init.log
END
su - analyst -c 'sh walk.sh' || fail "what a user does"
for file in man/man1/landuse.1.gz man/man1/landuse-run.1.gz bash-completion/completions/landuse zsh/site-functions/_landuse landuse/docs/index.md \
	doc/landuse/README.md doc/landuse/docs/index.md doc/landuse/copyright doc/landuse/changelog.gz landuse/config/job.yaml; do
	[ -s "/usr/share/$file" ] || fail "no /usr/share/$file"
done
[ -s /usr/include/landuse.h ] || fail "no header"
[ -n "$(find /usr/share/landuse/qgis -name 'landuse-*.zip')" ] || fail "no plugin for QGIS"
bash -c '. /usr/share/bash-completion/completions/landuse && complete -p landuse' || fail "the completion"
ldconfig -p | grep 'liblanduse[.]so[.][0-9]' || fail "the library is not known"

dpkg --purge landuse
files >/root/after
diff /root/before /root/after || fail "files that are left (>) or gone (<)"
echo "$(wc -l </root/before) files, before and after: the same"
