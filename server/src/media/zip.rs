//! A ZIP that is written as it is sent (APPNOTE 6.3.10): nothing compressed, as films are already; lengths known before,
//! so that the whole has one; checksums behind each file, as they are known when it has passed. Files and archives of
//! more than 4 GB are written in the longer form (Zip64) where it is needed, and only there.

use crate::clock;

/// From here on lengths and places are written in eight bytes.
const LONG: u64 = 0xffff_ffff;
/// From here on numbers of files are.
const MANY: u64 = 0xffff;
/// Names are UTF-8, and the checksum comes behind the file.
const FLAGS: u16 = 1 << 11 | 1 << 3;
/// What a reader must know: 2.0, or Zip64.
const PLAIN: u16 = 20;
const ZIP64: u16 = 45;
/// Made on Unix, where a file has rights: `rw-r--r--`.
const UNIX: u16 = 3 << 8;
const RIGHTS: u32 = 0o100_644 << 16;

/// An archive in the making. It holds no file: what it gives is to be sent around them.
#[derive(Debug)]
pub(crate) struct Zip {
    /// Bytes so far, those of the files counted.
    at: u64,
    /// Date and time as MS-DOS writes them.
    when: [u16; 2],
    /// The table at the end.
    directory: Vec<u8>,
    files: u64,
    open: Option<Open>,
}

/// The file under way.
#[derive(Debug)]
struct Open {
    name: String,
    bytes: u64,
    at: u64,
}

impl Zip {
    /// An empty one. All files have that time (UTC, ms since 1970).
    pub(crate) fn new(now: i64) -> Self {
        Self { at: 0, when: dos(now), directory: Vec::new(), files: 0, open: None }
    }

    /// How long the archive of these files is, by name and length.
    pub(crate) fn length<'a>(files: impl IntoIterator<Item = (&'a str, u64)>) -> u64 {
        let mut zip = Self::new(0);
        for (name, bytes) in files {
            zip.head(name, bytes);
            zip.tail(0);
        }
        let end = zip.end().len() as u64;
        zip.at + end
    }

    /// What stands before a file of so many bytes.
    pub(crate) fn head(&mut self, name: &str, bytes: u64) -> Vec<u8> {
        let long = bytes >= LONG;
        let mut head = Vec::with_capacity(50 + name.len());
        put(&mut head, &[0x0403_4b50_u32]);
        put16(&mut head, &[if long { ZIP64 } else { PLAIN }, FLAGS, 0, self.when[0], self.when[1]]);
        // The checksum and, with it, both lengths are told behind the file; here it is told in how many bytes.
        put(&mut head, &[0, if long { u32::MAX } else { 0 }, if long { u32::MAX } else { 0 }]);
        put16(&mut head, &[length_of(name), if long { 20 } else { 0 }]);
        head.extend_from_slice(name.as_bytes());
        if long {
            put16(&mut head, &[1, 16]);
            put64(&mut head, &[0, 0]);
        }
        self.open = Some(Open { name: name.to_owned(), bytes, at: self.at });
        self.at += head.len() as u64 + bytes;
        head
    }

    /// What stands behind it, when its checksum is known.
    pub(crate) fn tail(&mut self, crc: u32) -> Vec<u8> {
        let Some(Open { name, bytes, at }) = self.open.take() else { return Vec::new() };
        let mut tail = Vec::with_capacity(24);
        put(&mut tail, &[0x0807_4b50, crc]);
        let short = |number: u64| u32::try_from(number).unwrap_or(u32::MAX);
        if bytes >= LONG {
            put64(&mut tail, &[bytes, bytes]);
        } else {
            put(&mut tail, &[short(bytes), short(bytes)]);
        }
        self.at += tail.len() as u64;
        self.files += 1;

        let longer: Vec<u64> = [bytes, bytes, at].into_iter().filter(|number| *number >= LONG).collect();
        let extra = if longer.is_empty() { 0 } else { 4 + 8 * longer.len() };
        let needs = if longer.is_empty() { PLAIN } else { ZIP64 };
        let table = &mut self.directory;
        put(table, &[0x0201_4b50]);
        put16(table, &[UNIX | ZIP64, needs, FLAGS, 0, self.when[0], self.when[1]]);
        put(table, &[crc, short(bytes), short(bytes)]);
        put16(table, &[length_of(&name), u16::try_from(extra).unwrap_or_default(), 0, 0, 0]);
        put(table, &[RIGHTS, short(at)]);
        table.extend_from_slice(name.as_bytes());
        if !longer.is_empty() {
            put16(table, &[1, u16::try_from(extra - 4).unwrap_or_default()]);
            put64(table, &longer);
        }
        tail
    }

    /// What stands at the end.
    pub(crate) fn end(&mut self) -> Vec<u8> {
        let mut end = std::mem::take(&mut self.directory);
        let (bytes, at, files) = (end.len() as u64, self.at, self.files);
        if bytes >= LONG || at >= LONG || files >= MANY {
            let here = at + bytes;
            put(&mut end, &[0x0606_4b50]);
            put64(&mut end, &[44]);
            put16(&mut end, &[UNIX | ZIP64, ZIP64]);
            put(&mut end, &[0, 0]);
            put64(&mut end, &[files, files, bytes, at]);
            put(&mut end, &[0x0706_4b50, 0]);
            put64(&mut end, &[here]);
            put(&mut end, &[1]);
        }
        let count = u16::try_from(files).unwrap_or(u16::MAX);
        put(&mut end, &[0x0605_4b50]);
        put16(&mut end, &[0, 0, count, count]);
        let short = |number: u64| u32::try_from(number).unwrap_or(u32::MAX);
        put(&mut end, &[short(bytes), short(at)]);
        put16(&mut end, &[0]);
        end
    }
}

fn put16(out: &mut Vec<u8>, numbers: &[u16]) {
    out.extend(numbers.iter().flat_map(|number| number.to_le_bytes()));
}

fn put(out: &mut Vec<u8>, numbers: &[u32]) {
    out.extend(numbers.iter().flat_map(|number| number.to_le_bytes()));
}

fn put64(out: &mut Vec<u8>, numbers: &[u64]) {
    out.extend(numbers.iter().flat_map(|number| number.to_le_bytes()));
}

/// Names are ours, and short.
fn length_of(name: &str) -> u16 {
    u16::try_from(name.len()).unwrap_or(u16::MAX)
}

/// Time and date as MS-DOS counts: two seconds at a time, from 1980 on.
fn dos(now: i64) -> [u16; 2] {
    let (year, month, day) = clock::civil(now.div_euclid(clock::DAY));
    let minutes = now.rem_euclid(clock::DAY) / clock::MINUTE;
    let date = (year - 1980).clamp(0, 127) << 9 | month << 5 | day;
    let seconds = now.rem_euclid(clock::MINUTE) / clock::SECOND;
    let time = (minutes / 60) << 11 | (minutes % 60) << 5 | (seconds / 2);
    [time, date].map(|number| u16::try_from(number).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;
    use flate2::Crc;
    use std::{
        fs::{self, File},
        io::{Seek, SeekFrom, Write},
        path::Path,
        process::Command,
    };

    /// Writes an archive; files without content are holes.
    fn write(path: &Path, files: &[(&str, Option<&[u8]>, u64)]) {
        let mut file = File::create(path).expect("it can be written");
        let mut zip = Zip::new(1_795_420_859_000);
        for (name, content, bytes) in files {
            file.write_all(&zip.head(name, *bytes)).expect("written");
            let mut crc = Crc::new();
            match content {
                Some(content) => {
                    crc.update(content);
                    file.write_all(content).expect("written");
                }
                None => {
                    file.seek(SeekFrom::Current(i64::try_from(*bytes).expect("a length"))).expect("a hole");
                    let zeros = vec![0; 1 << 20];
                    let mut block = Crc::new();
                    block.update(&zeros);
                    (0..bytes >> 20).for_each(|_| crc.combine(&block));
                    crc.update(&zeros[..usize::try_from(bytes & 0xf_ffff).expect("a remainder")]);
                }
            }
            file.write_all(&zip.tail(crc.sum())).expect("written");
        }
        file.write_all(&zip.end()).expect("written");
        let told = Zip::length(files.iter().map(|(name, _, bytes)| (*name, *bytes)));
        assert_eq!(file.metadata().expect("it is there").len(), told, "the length is known before");
    }

    fn run(program: &str, arguments: &[&str]) -> String {
        let output = Command::new(program).args(arguments).output().expect("it is installed");
        assert!(output.status.success(), "{program}: {output:?}");
        String::from_utf8(output.stdout).expect("UTF-8")
    }

    #[test]
    fn others_read_what_is_written() {
        let path = std::env::temp_dir().join(format!("estafette-zip-{}.zip", std::process::id()));
        let large: Vec<u8> = (0..200_000_u32).flat_map(u32::to_le_bytes).collect();
        write(&path, &[("README.txt", Some(b"Hello\n"), 6), ("a.mp4", Some(&large), 800_000), ("empty", Some(b""), 0)]);
        let name = path.to_str().expect("UTF-8");
        let list = "import sys, zipfile; z = zipfile.ZipFile(sys.argv[1]); assert z.testzip() is None\n\
                    print([(i.filename, i.file_size, i.date_time, oct(i.external_attr >> 16)) for i in z.infolist()])\n\
                    print(z.read('README.txt'))";
        let told = run("python3", &["-c", list, name]);
        assert!(told.contains("('a.mp4', 800000, (2026, 11, 23, 8, 0, 58), '0o100644')"), "{told}");
        assert!(told.contains("b'Hello\\n'"), "{told}");
        run("unzip", &["-tqq", name]);
        fs::remove_file(&path).expect("removed");
    }

    #[test]
    fn archives_of_more_than_four_gigabytes_are_read_too() {
        let path = std::env::temp_dir().join(format!("estafette-zip64-{}.zip", std::process::id()));
        let long = LONG + 5;
        write(&path, &[("hole", None, long), ("README.txt", Some(b"Hello\n"), 6)]);
        let name = path.to_str().expect("UTF-8");
        let list = "import sys, zipfile; z = zipfile.ZipFile(sys.argv[1])\n\
                    print([(i.filename, i.file_size, i.header_offset) for i in z.infolist()], z.read('README.txt'))";
        let told = run("python3", &["-c", list, name]);
        assert!(told.starts_with(&format!("[('hole', {long}, 0), ('README.txt', 6, {})", long + 78)), "{told}");
        run("unzip", &["-tqq", name, "README.txt"]);
        fs::remove_file(&path).expect("removed");
    }

    #[test]
    fn a_great_many_files_are_counted_in_the_longer_form() {
        let names: Vec<String> = (0..70_000).map(|nth| nth.to_string()).collect();
        let files: Vec<(&str, Option<&[u8]>, u64)> = names.iter().map(|name| (&**name, Some(&b"x"[..]), 1)).collect();
        let path = std::env::temp_dir().join(format!("estafette-zip-many-{}.zip", std::process::id()));
        write(&path, &files);
        let count = "import sys, zipfile; print(len(zipfile.ZipFile(sys.argv[1]).infolist()))";
        assert_eq!(run("python3", &["-c", count, path.to_str().expect("UTF-8")]).trim(), "70000");
        fs::remove_file(&path).expect("removed");
    }
}
