namespace EventCalls.Host.Demo;

/// <summary>What a target does with a call.</summary>
internal enum TargetBehaviour
{
    /// <summary>404.</summary>
    DoesNotExist,

    /// <summary>Rings a little and answers.</summary>
    Answers,

    /// <summary>Answers, and hangs up after a while.</summary>
    AnswersAndHangsUp,

    /// <summary>Rings until it is cancelled.</summary>
    RingsOn,

    /// <summary>486.</summary>
    IsBusy,

    /// <summary>Rings a little, then 603.</summary>
    Declines,

    /// <summary>503.</summary>
    IsUnavailable,
}
