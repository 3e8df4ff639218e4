//! DEX files, versions 035 to 039 (AOSP "Dalvik executable format"): sorted id tables, class data, static values, code, map
//! list, checksum and SHA-1, so that `dexdump` verifies and reads them.

mod code;
mod ids;
mod write;

pub use code::{Arg, Invoke, Op, Payload};
pub use ids::{FieldRef, MethodRef, descriptor};
pub use write::{HeaderField, reseal, set_header};

/// Access flags of the format that fixtures need.
pub const PUBLIC: u32 = 0x1;
pub const STATIC: u32 = 0x8;
pub const FINAL: u32 = 0x10;
pub const NATIVE: u32 = 0x100;
pub const INTERFACE: u32 = 0x200;
pub const ABSTRACT: u32 = 0x400;
const CONSTRUCTOR: u32 = 0x1_0000;

/// One dex file to be.
#[derive(Clone, Debug)]
pub struct Dex {
    version: u32,
    classes: Vec<Class>,
    types: Vec<String>,
    strings: Vec<String>,
    fields: Vec<FieldRef>,
    methods: Vec<MethodRef>,
}

impl Default for Dex {
    fn default() -> Dex {
        Dex::new()
    }
}

impl Dex {
    /// An empty file of version 035.
    pub fn new() -> Dex {
        Dex { version: 35, classes: vec![], types: vec![], strings: vec![], fields: vec![], methods: vec![] }
    }

    /// The version in the magic, 35 to 39. Android never released 36 and refuses it.
    pub fn version(mut self, version: u32) -> Dex {
        self.version = version;
        self
    }

    /// Defines a class.
    pub fn class(mut self, class: Class) -> Dex {
        self.classes.push(class);
        self
    }

    /// Defines empty classes that extend `java.lang.Object`.
    pub fn classes(mut self, names: &[&str]) -> Dex {
        self.classes.extend(names.iter().map(|name| Class::new(name)));
        self
    }

    /// Puts a type into the type table that no class here defines.
    pub fn references_type(mut self, name: &str) -> Dex {
        self.types.push(descriptor(name));
        self
    }

    /// Puts a method into the method table without any call of it.
    pub fn references_method(mut self, method: MethodRef) -> Dex {
        self.methods.push(method);
        self
    }

    /// Puts a field into the field table without any access to it.
    pub fn references_field(mut self, field: FieldRef) -> Dex {
        self.fields.push(field);
        self
    }

    /// Puts a string into the pool that nothing else uses.
    pub fn string(mut self, text: &str) -> Dex {
        self.strings.push(text.into());
        self
    }

    /// The bytes of the file.
    pub fn build(&self) -> Vec<u8> {
        write::write(self)
    }
}

/// A class definition. Names are written `com.example.Outer$Inner` or as descriptors `Lcom/example/Outer$Inner;`.
#[derive(Clone, Debug)]
pub struct Class {
    descriptor: String,
    access: u32,
    superclass: String,
    interfaces: Vec<String>,
    source_file: Option<String>,
    static_fields: Vec<StaticField>,
    methods: Vec<Method>,
}

impl Class {
    /// A public class without members that extends `java.lang.Object`.
    pub fn new(name: &str) -> Class {
        Class {
            descriptor: descriptor(name),
            access: PUBLIC,
            superclass: descriptor("java.lang.Object"),
            interfaces: vec![],
            source_file: None,
            static_fields: vec![],
            methods: vec![],
        }
    }

    pub fn superclass(mut self, name: &str) -> Class {
        self.superclass = descriptor(name);
        self
    }

    pub fn implements(mut self, name: &str) -> Class {
        self.interfaces.push(descriptor(name));
        self
    }

    /// Replaces the access flags.
    pub fn access(mut self, flags: u32) -> Class {
        self.access = flags;
        self
    }

    pub fn source_file(mut self, name: &str) -> Class {
        self.source_file = Some(name.into());
        self
    }

    /// `public static final String NAME = "value"`, as in a BuildConfig class.
    pub fn static_string(mut self, name: &str, value: &str) -> Class {
        self.static_fields.push(StaticField { name: name.into(), value: StaticValue::Str(value.into()) });
        self
    }

    /// `public static final int NAME = value`.
    pub fn static_int(mut self, name: &str, value: i32) -> Class {
        self.static_fields.push(StaticField { name: name.into(), value: StaticValue::Int(value) });
        self
    }

    pub fn method(mut self, method: Method) -> Class {
        self.methods.push(method);
        self
    }
}

#[derive(Clone, Debug)]
struct StaticField {
    name: String,
    value: StaticValue,
}

#[derive(Clone, Debug)]
enum StaticValue {
    Str(String),
    Int(i32),
}

impl StaticField {
    fn reference(&self, class: &Class) -> FieldRef {
        let kind = match self.value {
            StaticValue::Str(_) => "Ljava/lang/String;",
            StaticValue::Int(_) => "I",
        };
        FieldRef::new(&class.descriptor, &self.name, kind)
    }
}

/// A method definition. Without operations its body is `return-void`.
#[derive(Clone, Debug)]
pub struct Method {
    name: String,
    proto: String,
    access: u32,
    locals: u16,
    ops: Vec<Op>,
}

impl Method {
    /// A public virtual method; `<init>` becomes a constructor. `proto` is a descriptor such as `(Ljava/lang/String;I)V`.
    pub fn new(name: &str, proto: &str) -> Method {
        let access = if name.starts_with('<') { PUBLIC | CONSTRUCTOR } else { PUBLIC };
        Method { name: name.into(), proto: proto.into(), access, locals: 0, ops: vec![] }
    }

    /// Adds access flags: [`STATIC`]; [`NATIVE`] and [`ABSTRACT`] methods have no code item.
    pub fn flags(mut self, flags: u32) -> Method {
        self.access |= flags;
        self
    }

    /// Registers beside the parameters; [`call`](Self::call) raises the number by itself.
    pub fn locals(mut self, count: u16) -> Method {
        self.locals = self.locals.max(count);
        self
    }

    pub fn op(mut self, op: Op) -> Method {
        self.ops.push(op);
        self
    }

    /// Loads the arguments into v0, v1, … (at most five) and invokes `method` with them.
    pub fn call(mut self, kind: Invoke, method: &MethodRef, args: &[Arg<'_>]) -> Method {
        let registers: Vec<u8> = (0..args.len() as u8).collect();
        self.locals = self.locals.max(args.len() as u16);
        self.ops.extend(registers.iter().zip(args).map(|(register, arg)| arg.load(*register)));
        self.ops.push(Op::Invoke(kind, method.clone(), registers));
        self
    }

    fn reference(&self, class: &Class) -> MethodRef {
        MethodRef::new(&class.descriptor, &self.name, &self.proto)
    }

    fn has_code(&self) -> bool {
        self.access & (NATIVE | ABSTRACT) == 0
    }

    /// Direct methods (constructors, static) are listed apart from virtual ones.
    fn is_direct(&self) -> bool {
        self.access & (STATIC | CONSTRUCTOR) != 0
    }

    fn body(&self) -> Vec<Op> {
        let mut ops = self.ops.clone();
        if !matches!(ops.last(), Some(Op::ReturnVoid | Op::ReturnObject(_) | Op::Raw(_))) {
            ops.push(Op::ReturnVoid);
        }
        ops
    }
}
