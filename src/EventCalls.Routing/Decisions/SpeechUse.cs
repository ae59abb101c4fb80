namespace EventCalls.Routing.Decisions;

/// <summary>What is done with what a decision wants spoken: <c>utterance</c>, <c>content</c>, <c>listen</c>, <c>variant</c>, or a text in place of a decision.</summary>
public enum SpeechUse
{
    /// <summary>It is an error that names the field</summary>
    Refuse,

    /// <summary>It is passed over, and logged once</summary>
    Ignore,
}
