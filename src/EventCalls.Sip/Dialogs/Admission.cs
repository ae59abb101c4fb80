namespace EventCalls.Sip.Dialogs;

/// <summary>What becomes of a request before anything is kept of it: it is taken, refused as a stranger's, passed over in silence, or answered.</summary>
public readonly struct Admission
{
    private Admission(AdmissionKind kind, int status, byte[]? lines, object? who = null)
    {
        Kind = kind;
        Who = who;
        Status = status;
        Lines = lines;
    }

    /// <summary>It is taken.</summary>
    public static Admission Taken => default;

    /// <summary>It is taken.</summary>
    /// <param name="who">Whom its sender is taken for; a leg that begins with it has that as <see cref="IncomingLeg.AdmittedAs"/>.</param>
    public static Admission TakenAs(object who) => new(AdmissionKind.Taken, 0, null, who);

    /// <summary>It is refused as that of a stranger is: 403, 481 within a dialog, or silence.</summary>
    public static Admission Refused { get; } = new(AdmissionKind.Refused, 0, null);

    /// <summary>It hears nothing.</summary>
    public static Admission Ignored { get; } = new(AdmissionKind.Ignored, 0, null);

    /// <summary>It is answered, and nothing is kept of it.</summary>
    /// <param name="status">300–699.</param>
    /// <param name="lines">Header fields, each with its CR and LF.</param>
    public static Admission Answered(int status, byte[] lines) => new(AdmissionKind.Answered, status, lines);

    /// <summary>Whether the request is taken.</summary>
    public bool IsTaken => Kind == AdmissionKind.Taken;

    internal AdmissionKind Kind { get; }

    internal object? Who { get; }

    internal int Status { get; }

    internal byte[]? Lines { get; }
}

/// <summary>The kinds of <see cref="Admission"/>.</summary>
internal enum AdmissionKind : byte
{
    Taken,
    Refused,
    Ignored,
    Answered,
}
