//! Writes Java class files with a constant pool of any content. Format: The Java Virtual Machine Specification, chapter 4.

/// A class to be: what its pool names, and what it defines. Code is left out; readers of the pool need none.
#[derive(Clone, Debug, Default)]
pub struct JavaClass {
    name: String,
    superclass: String,
    /// (tag of the reference, class, member)
    members: Vec<(u8, String, String)>,
    classes: Vec<String>,
    strings: Vec<String>,
    constants: Vec<(String, String)>,
    methods: Vec<String>,
}

fn slashes(name: &str) -> String {
    name.replace('.', "/")
}

impl JavaClass {
    pub fn new(name: &str) -> JavaClass {
        JavaClass { name: slashes(name), superclass: "java/lang/Object".into(), ..JavaClass::default() }
    }

    pub fn superclass(mut self, name: &str) -> JavaClass {
        self.superclass = slashes(name);
        self
    }

    /// Names a method, given as `android.x.Y.method`.
    pub fn calls(self, method: &str) -> JavaClass {
        self.member(10, method)
    }

    /// Names a method of an interface.
    pub fn calls_interface(self, method: &str) -> JavaClass {
        self.member(11, method)
    }

    /// Names a field.
    pub fn reads(self, field: &str) -> JavaClass {
        self.member(9, field)
    }

    fn member(mut self, tag: u8, member: &str) -> JavaClass {
        let (class, name) = member.rsplit_once('.').expect("class and member");
        self.members.push((tag, slashes(class), name.into()));
        self
    }

    /// Names a class, or an array by its descriptor.
    pub fn names(mut self, class: &str) -> JavaClass {
        self.classes.push(slashes(class));
        self
    }

    pub fn string(mut self, text: &str) -> JavaClass {
        self.strings.push(text.into());
        self
    }

    /// A `static final String`.
    pub fn constant(mut self, field: &str, value: &str) -> JavaClass {
        self.constants.push((field.into(), value.into()));
        self
    }

    /// A method of its own.
    pub fn method(mut self, name: &str) -> JavaClass {
        self.methods.push(name.into());
        self
    }

    /// Path inside a JAR.
    pub fn path(&self) -> String {
        format!("{}.class", self.name)
    }

    pub fn build(&self) -> Vec<u8> {
        let mut pool = Pool::default();
        // A long takes two places, so that a reader which forgets that misreads all that follows.
        pool.add([&[5u8][..], &7u64.to_be_bytes()].concat());
        pool.count += 1;
        let (this, parent) = (pool.class(&self.name), pool.class(&self.superclass));
        for (tag, class, name) in &self.members {
            pool.member(*tag, class, name);
        }
        for class in &self.classes {
            pool.class(class);
        }
        for text in &self.strings {
            pool.reference(8, text);
        }
        let (value_name, code) = (pool.text("ConstantValue"), pool.text("Deprecated"));
        let fields: Vec<[u16; 4]> = self
            .constants
            .iter()
            .map(|(name, value)| {
                [pool.text(name), pool.text("Ljava/lang/String;"), value_name, pool.reference(8, value)]
            })
            .collect();
        let methods: Vec<[u16; 2]> = self.methods.iter().map(|name| [pool.text(name), pool.text("()V")]).collect();
        let mut out = 0xCAFE_BABE_u32.to_be_bytes().to_vec();
        put(&mut out, &[0, 52, pool.count + 1]);
        out.extend(&pool.bytes);
        put(&mut out, &[0x21, this, parent, 1, this, fields.len() as u16]);
        for [name, kind, attribute, value] in fields {
            put(&mut out, &[0x19, name, kind, 1, attribute, 0, 2, value]);
        }
        put(&mut out, &[methods.len() as u16]);
        for [name, kind] in methods {
            put(&mut out, &[0x401, name, kind, 1, code, 0, 0]);
        }
        put(&mut out, &[0]);
        out
    }
}

fn put(out: &mut Vec<u8>, numbers: &[u16]) {
    out.extend(numbers.iter().flat_map(|number| number.to_be_bytes()));
}

#[derive(Default)]
struct Pool {
    bytes: Vec<u8>,
    count: u16,
}

impl Pool {
    fn add(&mut self, constant: Vec<u8>) -> u16 {
        self.bytes.extend(constant);
        self.count += 1;
        self.count
    }

    fn text(&mut self, text: &str) -> u16 {
        let length = (text.len() as u16).to_be_bytes();
        self.add([&[1], length.as_slice(), text.as_bytes()].concat())
    }

    /// A constant that is one index: a class or a string.
    fn reference(&mut self, tag: u8, text: &str) -> u16 {
        let text = self.text(text).to_be_bytes();
        self.add([&[tag], text.as_slice()].concat())
    }

    fn class(&mut self, name: &str) -> u16 {
        self.reference(7, name)
    }

    fn member(&mut self, tag: u8, class: &str, name: &str) -> u16 {
        let class = self.class(class).to_be_bytes();
        let (name, kind) = (self.text(name).to_be_bytes(), self.text("()V").to_be_bytes());
        let both = self.add([&[12], name.as_slice(), &kind].concat()).to_be_bytes();
        self.add([&[tag], class.as_slice(), &both].concat())
    }
}
