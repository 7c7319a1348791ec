//! Passwords that are tried first.
//!
//! The words are the stems of the best-known leaked passwords. A password counts as common when, without letter case
//! and without the digits and signs around it, it is one of them, so that `Password123!` is caught by `password`;
//! also when it is one short piece repeated, or a run along the keyboard or the alphabet.

/// Lower case, sorted by nothing; kept as one text so that adding one more is one word.
const STEMS: &str = "
    password passwort passw0rd p@ssword p@ssw0rd pa$$word pa$$w0rd passwd password1password mypassword yourpassword
    newpassword oldpassword thepassword mypass passpass password! adminpassword passwordpassword secretpassword
    qwerty qwertyuiop qwertyui qwertz qwertzuiop azerty azertyuiop asdfgh asdfghjkl asdfasdf asdfjkl asdf zxcvbn zxcvbnm
    zxcvasdf qazwsx qazwsxedc 1qaz2wsx 1qaz2wsx3edc 1q2w3e4r 1q2w3e4r5t 1q2w3e4r5t6y q1w2e3r4 q1w2e3r4t5 zaq12wsx
    zaq1zaq1 zaq1xsw2 qweasd qweasdzxc qweqwe qwer1234 qwerty123456 asd123 abc abcd abcdef abcdefg abcdefgh abcdefghij
    abcdefghijk abc123 a1b2c3 a1b2c3d4 a1b2c3d4e5 aa123456 a123456 a12345678 a123456789 abcd1234
    letmein letmeinnow letmein! opensesame sesame welcome welcomeback welcome1234 hello hellohello helloworld hello123
    iloveyou iloveyoubaby iloveyouso iloveu ilovegod ilovejesus iloveme iloveyou! lovelove loveyou loveme lovely
    mylove truelove sweetheart sweetie princess prince angel angels butterfly sunshine flower flowers rainbow
    admin administrator root toor superuser superadmin sysadmin adminadmin rootroot user username guest guestguest
    test testing tester testtest test1234 demo demodemo sample default changeme changemenow change_me secret secrets
    topsecret supersecret mysecret private access accessdenied login logmein master masterkey system computer internet
    server windows microsoft apple google facebook instagram youtube twitter linkedin amazon samsung android iphone
    monkey dragon tiger lion eagle falcon phoenix wolf shadow ninja samurai warrior killer hunter ranger soldier sniper
    batman superman spiderman ironman wolverine starwars startrek skywalker darthvader pokemon pikachu charizard naruto
    dragonball minecraft fortnite roblox counterstrike warcraft worldofwarcraft callofduty halflife playstation xbox
    nintendo mario sonic zelda gandalf frodo hobbit matrix trinity neo morpheus merlin excalibur
    football baseball basketball soccer hockey tennis golf volleyball softball cricket liverpool arsenal chelsea
    manchester manutd barcelona realmadrid juventus bayern dortmund lakers yankees cowboys steelers packers patriots
    eagles broncos raiders ferrari porsche mercedes corvette mustang camaro harley yamaha kawasaki honda toyota nissan
    jordan michael michelle jennifer jessica ashley amanda daniel andrew joshua matthew charlie thomas robert william
    anthony nicole natasha alexander alexandra jonathan christian christopher benjamin samantha elizabeth patricia
    stephanie victoria veronica maria margaret george richard patrick brandon justin austin taylor hannah madison
    buster bailey maggie ginger pepper cookie peanut snoopy garfield mickey minnie donald goofy bubbles bandit
    freedom liberty america canada london paris berlin england germany france brasil brazil mexico india chicago
    newyork california texas florida boston dallas phoenixaz seattle orlando hollywood lasvegas
    summer winter spring autumn january february march april june july august september october november december
    monday tuesday wednesday thursday friday saturday sunday christmas halloween birthday
    whatever nothing something blahblah blablabla fuckyou fuckoff fuckme fuck asshole bitch bullshit shithead motherfucker
    pussy sexsex sexy hotsex pornhub money moneymoney millionaire billionaire success winner champion legend genius
    blessed blessing jesus jesuschrist jesusislord godisgood godisgreat heaven church faith grace hallelujah
    cheese chocolate strawberry banana orange apples coffee pizza hamburger cocacola pepsi guinness heineken corona
    music guitar rockstar metallica nirvana slipknot eminem tupac bobmarley beatles elvis madonna
    family mother father brother sister daddy mommy mother123 babygirl babyboy babydoll boyfriend girlfriend bestfriend
    friends friendship forever together happiness beautiful gorgeous handsome friend lucky luckyme star stars moon
    purple yellow silver golden diamond crystal sapphire emerald ruby platinum blackberry blueberry
    trustno trustnoone trustme remember forgot forgotten password? dontknow idontknow noidea please pleasework
    correcthorsebatterystaple hunter2 passphrase pass1234word letmein2me security secure safety
    interior interiordesign realestate homestaging staging vitrine showcase furniture livingroom bedroom
";

/// Rows that fingers run along.
const RUNS: [&str; 8] = [
    "abcdefghijklmnopqrstuvwxyz",
    "01234567890123456789",
    "qwertyuiopasdfghjklzxcvbnm",
    "qwertzuiopasdfghjklyxcvbnm",
    "azertyuiopqsdfghjklmwxcvbn",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p",
    "1q2w3e4r5t6y7u8i9o0p",
    "!@#$%^&*()_+",
];

/// Whether a password is among those that are tried first.
pub fn is_common(password: &str) -> bool {
    let lower = password.to_lowercase();
    let stem = lower.trim_matches(|c: char| !c.is_alphabetic());
    let is_stem = |text: &str| !text.is_empty() && STEMS.split_whitespace().any(|known| known == text);
    is_stem(&lower)
        || is_stem(stem)
        || is_stem(lower.trim_end_matches(|c: char| !c.is_alphabetic()))
        || is_repeated(&lower)
        || is_run(&lower)
}

/// One piece of up to four characters again and again.
fn is_repeated(text: &str) -> bool {
    let chars: Vec<char> = text.chars().collect();
    (1..=4).any(|period| chars.len() > 2 * period && chars.iter().zip(&chars[period..]).all(|(a, b)| a == b))
}

/// All of it along one row, forwards or backwards.
fn is_run(text: &str) -> bool {
    let backwards: String = text.chars().rev().collect();
    RUNS.iter()
        .any(|row| row.contains(text) || row.contains(&backwards))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn well_known_passwords_are_found_under_their_decoration() {
        for password in [
            "Password123!",
            "PASSWORD1234",
            "1234567890",
            "0987654321",
            "qwertyuiop",
            "QwertyUiop1",
            "iloveyou2024",
            "!!welcome2026",
            "1q2w3e4r5t",
            "aaaaaaaaaaaa",
            "abcabcabcabc",
            "12121212121",
            "Sunshine2025",
            "letmein12345",
            "p@ssw0rd2024",
        ] {
            assert!(is_common(password), "{password} was let through");
        }
    }

    #[test]
    fn ordinary_good_passwords_are_not() {
        for password in [
            "correct horse battery staple",
            "tall-window-94-lamp",
            "Zw3lve.Monkeys",
            "a long enough secret",
            "ünïcödé-wörds",
        ] {
            assert!(!is_common(password), "{password} was refused");
        }
    }

    #[test]
    fn the_list_has_a_few_hundred_words() {
        assert!(STEMS.split_whitespace().count() > 350);
    }
}
