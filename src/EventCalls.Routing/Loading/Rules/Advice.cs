namespace EventCalls.Routing.Loading.Rules;

/// <summary>Why something is not for routing logic, and what to use instead. The id groups them in the diagnostics.</summary>
internal sealed record Advice(string Id, string Text)
{
    public static readonly Advice Clock = new("EC1001",
        "a decision must come out the same when it is taken again; read the clock as conv.Now, which is recorded");

    public static readonly Advice LocalTime = new("EC1001",
        "it depends on the machine's time zone; use conv.Now, which is UTC, and TimeZoneInfo.ConvertTime with a zone you name");

    public static readonly Advice ImplicitDate = new("EC1001",
        "it fills in today's date or the machine's time zone where the text has none; use ParseExact with a constant format that has a year " +
        "(and an offset, for DateTimeOffset), or TimeOnly.Parse");

    public static readonly Advice BoxedTime = new("EC1001",
        "formatted as an object it may show the machine's time zone; use a DateTimeOffset such as conv.Now, or make text of it by ToString with a constant format");

    public static readonly Advice JsonTime = new("EC1001",
        "in text without an offset it takes the machine's time zone; keep a time as conv.State[name] = conv.Now.ToString(\"o\") and read it with " +
        "DateTimeOffset.ParseExact(text, \"o\", null)");

    public static readonly Advice Zone = new("EC1001",
        "it is no IANA id, and may name a file of the machine; give one such as \"America/New_York\", as a constant or as conv.Lookup(name, key) answers");

    public static readonly Advice ZoneName = new("EC1001",
        "what a zone is called depends on the machine and its language; use its Id, such as \"America/New_York\"");

    public static readonly Advice Kind = new("EC1001",
        "it could come to the machine's local time; give DateTimeKind.Utc or DateTimeKind.Unspecified, or a DateTime's own Kind, where it is used");

    public static readonly Advice Styles = new("EC1001",
        "it could come to the machine's local time; give constant DateTimeStyles without AssumeLocal");

    public static readonly Advice DatePattern = new("EC1001",
        "a pattern hidden in a culture may show the machine's time zone; format with a constant format where the text is made");

    public static readonly Advice Random = new("EC1002",
        "a decision must come out the same when it is taken again; draw from conv.Random, whose seed is recorded");

    public static readonly Advice Key = new("EC1002",
        "without a key it makes a random one; give the key, as in HMACSHA256.HashData(key, bytes), or draw from conv.Random");

    public static readonly Advice HashCode = new("EC1002",
        "hash codes differ from one run of the process to the next; draw from conv.Random, compute SHA256.HashData, or " +
        "make a type that is compared by its values a record");

    public static readonly Advice HashOrder = new("EC1002",
        "it enumerates in the order of hash codes, which differ from one run of the process to the next; ask it only by Contains or TryGetValue in a local variable " +
        "or a static or private field, or use a Dictionary, a HashSet, or a sorted or frozen collection with plain keys");

    public static readonly Advice Outside = new("EC1003",
        "a decision reads nothing but the call; ask conv.Lookup(name, key), whose answers are recorded");

    public static readonly Advice Output = new("EC1003",
        "a decision writes nothing; keep what you want to see later in conv.State, which is recorded");

    public static readonly Advice HashObject = new("EC1003",
        "the object may read streams and keeps state; compute it at once: SHA256.HashData(bytes) or HMACSHA256.HashData(key, bytes)");

    public static readonly Advice Interfaces = new("EC1003",
        "it depends on the network interfaces of the machine, and can be set; compare addresses without their scope, or ask conv.Lookup(name, key)");

    public static readonly Advice Machine = new("EC1003",
        "it differs from machine to machine; ask conv.Lookup(name, key), whose answers are recorded");

    public static readonly Advice Threads = new("EC1004",
        "a decision is taken at once, on one thread; what takes time to find out belongs into a table behind conv.Lookup(name, key)");

    public static readonly Advice Static = new("EC1005",
        "what one call leaves behind would change how the next is decided; keep it in conv.State, and constant tables in a static readonly " +
        "array, dictionary or set of plain values and of objects that cannot be changed, to which nothing writes");

    public static readonly Advice Derived = new("EC1005",
        "it could keep something from one call to the next where a constant is expected, and reach what is not for logic; hold an object of that class in a class of your own");

    public static readonly Advice Order = new("EC1005",
        "which of them comes first depends on which call was first; make them in one initializer, or in a class that is not generic");

    public static readonly Advice StackSize = new("EC1007",
        "on the stack there is room for little; give a constant size, all in a method together at most 8 KB and outside of loops, and use an array for what is longer");

    public static readonly Advice InlineArray = new("EC1007",
        "on the stack there is room for little; give it at most 256 elements of numbers, characters, enums or classes, or use an array");

    public static readonly Advice Depth = new("EC1007",
        "a deeper nesting could overflow the stack, which cannot be stopped; leave it at its default of 64 levels");

    public static readonly Advice TypeName = new("EC1006",
        "what reflection reaches cannot be checked; ask 'value is T', and where only the name is needed write value.GetType().Name or typeof(T).Name");

    public static readonly Advice Reflection = new("EC1006",
        "what reflection reaches cannot be checked; write the call out");

    public static readonly Advice Unsafe = new("EC1007",
        "memory is not for routing logic to handle; use arrays, strings and spans");

    public static readonly Advice Recursion = new("EC1007",
        "a recursion there could not be stopped; make the object in the constructor's body");

    public static readonly Advice Culture = new("EC1008",
        "it depends on how the machine is set up; name the culture: CultureInfo.InvariantCulture");

    public static readonly Advice Trace = new("EC1008",
        "it depends on how the code was compiled; use the exception's Message");

    public static readonly Advice Identity = new("EC1008",
        "whether two values are one and the same object depends on how the call was read; compare the values, or keep what tells them apart in conv.State");

    public static readonly Advice LineEnd = new("EC1008",
        "it writes the line ends of the machine; append \"\\n\", or write it without");

    public static readonly Advice Process = new("EC1008",
        "it depends on what else the process has done; keep what a call needs in conv.State");

    public static readonly Advice Reserved = new("EC1010",
        "the namespaces EventCalls, System and Microsoft are taken; put it into a namespace of your own");

    public static readonly Advice Unknown = new("EC1009",
        "it is not among what routing logic may use, because nobody has made sure that it gives the same answer when the decision is taken again; " +
        "use conv, strings, numbers, collections and LINQ, or ask conv.Lookup(name, key)");
}
