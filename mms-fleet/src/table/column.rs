//! Columns of a table: what their titles may be, and what becomes of one that is not known.

/// What a column has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Column {
    /// The name of a child.
    Name,
    /// The name of its owner.
    OwnerName,
    /// The owner's e-mail address.
    OwnerEmail,
    /// The region.
    Region,
    /// The country.
    Country,
    /// The allocation.
    Credits,
    /// The id that another system has for the child.
    ExternalId,
    /// The id.
    Id,
    /// The id or name, as it is typed on a command line.
    Child,
}

/// A column with its title and what it may be called beside that.
pub(super) type Titles = (Column, &'static str, &'static [&'static str]);

/// Columns of one kind of table.
#[derive(Debug, Clone, Copy)]
pub(super) struct Columns {
    /// Those that are read.
    pub(super) read: &'static [Titles],
    /// Titles that such a table may have and that are not read, because they change nothing.
    pub(super) passed_over: &'static [&'static str],
    /// Titles that it must not have, and why.
    pub(super) refused: &'static [(&'static str, &'static str)],
}

/// What a title stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Meaning {
    Read(Column),
    PassedOver,
}

impl Columns {
    /// Finds what a title stands for. Case, spaces and punctuation of it do not matter.
    pub(super) fn meaning(&self, title: &str) -> Option<Meaning> {
        let key = key(title);
        let is_title = |known: &str| self::key(known) == key;
        let read = self.read.iter().find(|(_, name, aliases)| is_title(name) || aliases.iter().any(|a| is_title(a)));
        match read {
            Some((column, ..)) => Some(Meaning::Read(*column)),
            None => self.passed_over.iter().any(|known| is_title(known)).then_some(Meaning::PassedOver),
        }
    }

    /// Says of a title that stands for nothing what is wrong with it, and what to write; nothing where it is another
    /// system's own, which can be left out. `present` are the columns that the table has.
    pub(super) fn refusal(&self, title: &str, present: &[Column]) -> Option<(String, String)> {
        let key = key(title);
        if let Some((_, why)) = self.refused.iter().find(|(known, _)| self::key(known) == key) {
            return Some((format!("the column {title:?} has no place here"), (*why).to_owned()));
        }
        let words = words(title);
        let titles = self.read.iter().flat_map(|(column, name, others)| {
            std::iter::once(name).chain(*others).map(|known| (*column, *known, self::key(known)))
        });
        let meant = titles.filter(|(column, _, known)| {
            // Credits are told of though the table has some: which of two columns is meant is nothing to guess.
            let may_be_meant = *column == Column::Credits || !present.contains(column);
            may_be_meant && (is_misspelt(&key, known, &words) || is_named(*column, &key, known, &words))
        });
        let likeness = |known: &str| {
            let texts = words.iter().chain(std::iter::once(&key));
            texts.map(|text| strsim::jaro_winkler(text, known)).fold(0.0, f64::max)
        };
        let scored = meant.map(|(_, title, known)| (likeness(&known), title));
        let (_, near) = scored.max_by(|left, right| left.0.total_cmp(&right.0))?;
        let message = format!("the column {title:?} is not known");
        Some((message, format!("did you mean {near}? If not, remove the column")))
    }

    /// Returns the title of a column.
    pub(super) fn title(&self, column: Column) -> &'static str {
        self.read.iter().find(|(known, ..)| *known == column).map_or("", |(_, name, _)| name)
    }

    /// Returns the titles, as a list for a person.
    pub(super) fn names(&self) -> String {
        self.read.iter().map(|(_, name, _)| *name).collect::<Vec<_>>().join(", ")
    }
}

/// Returns what counts of a title.
fn key(title: &str) -> String {
    title.chars().filter(|character| character.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// Returns the words of a title, each as it counts: `Billing country` and `billingCountry` have two.
fn words(title: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut was_lower = false;
    for character in title.chars() {
        if !character.is_alphanumeric() || (was_lower && character.is_uppercase()) {
            words.push(String::new());
        }
        was_lower = character.is_lowercase();
        if let Some(word) = words.last_mut().filter(|_| character.is_alphanumeric()) {
            word.extend(character.to_lowercase());
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

/// Says whether a title is a known one with a letter or two amiss, or its beginning. One that has the whole of it among its words is
/// another: `Contact ID` is no `contact`.
fn is_misspelt(key: &str, known: &str, words: &[String]) -> bool {
    const SHORTEST: usize = 4;
    let is_beginning = key.chars().count() >= SHORTEST && known.starts_with(key);
    !words.iter().any(|word| word == known) && (is_beginning || is_near(key, known))
}

/// Says whether so few letters are amiss that the one may be meant by the other.
fn is_near(key: &str, known: &str) -> bool {
    let most = match known.chars().count() {
        ..4 => 0,
        4..6 => 1,
        _ => 2,
    };
    key == known || strsim::damerau_levenshtein(key, known) <= most
}

/// Says whether a title may be another name of a column that the table lacks, so that a default would wrongly take its place.
fn is_named(column: Column, key: &str, known: &str, words: &[String]) -> bool {
    /// Least likeness of a whole title to a known one.
    const LIKE: f64 = 0.85;
    let is_word = words.iter().any(|word| is_near(word, known));
    match column {
        Column::Credits | Column::Region | Column::Country => {
            is_word || key.contains(known) || strsim::jaro_winkler(key, known) > LIKE
        }
        Column::OwnerName | Column::OwnerEmail => is_word,
        Column::Name | Column::ExternalId | Column::Id | Column::Child => false,
    }
}
