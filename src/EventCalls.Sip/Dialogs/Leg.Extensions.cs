using EventCalls.Sip.Messages;
using EventCalls.Sip.Transactions;

namespace EventCalls.Sip.Dialogs;

/// <content>What extensions do on the leg.</content>
public abstract partial class Leg
{
    private LegExtension[] _extensions = [];

    /// <summary>Our session description that is in force, as it was sent last; null as long as none is.</summary>
    public Content? LocalDescription { get; private set; }

    /// <summary>Has an extension work on the leg; a received INVITE's before it is answered, and before anybody else is told of it.</summary>
    public void Use(LegExtension extension)
    {
        extension.Join(this);
        _extensions = [.. _extensions, extension];
    }

    /// <summary>The extension of that kind; null when the leg has none.</summary>
    public T? Find<T>()
        where T : LegExtension
    {
        foreach (var extension in _extensions)
        {
            if (extension is T found)
                return found;
        }
        return null;
    }

    private protected bool IsEarlySettled => Array.Exists(_extensions, static extension => extension.HasSettledEarly);

    /// <summary>A description of ours was sent and is in force.</summary>
    internal void Describe(Content? content)
    {
        if (content is not null)
            LocalDescription = content;
    }

    internal void AddExtensions(SipWriter request, SipMethod method)
    {
        foreach (var extension in _extensions)
            extension.AddTo(request, method);
    }

    internal void AddExtensions(SipWriter response, SipMethod method, int status)
    {
        foreach (var extension in _extensions)
            extension.AddTo(response, method, status);
    }

    internal void TellAnswered(SipMessage response)
    {
        foreach (var extension in _extensions)
            extension.OnAnswered(response);
    }

    internal bool Retries(SipMessage refusal)
    {
        foreach (var extension in _extensions)
        {
            if (extension.Retries(refusal))
                return true;
        }
        return false;
    }

    private protected bool IsSentByExtension(int status, Content? content, IReadOnlyList<HeaderLine>? headers)
    {
        foreach (var extension in _extensions)
        {
            if (extension.TrySend(status, content, headers))
                return true;
        }
        return false;
    }

    private protected bool IsHeldByExtension(Content? content, IReadOnlyList<HeaderLine>? headers)
    {
        foreach (var extension in _extensions)
        {
            if (extension.Holds(content, headers))
                return true;
        }
        return false;
    }

    private protected bool IsTakenByExtensions(SipMessage provisional)
    {
        bool isTaken = true;
        foreach (var extension in _extensions)
            isTaken &= extension.TakesProvisional(provisional);
        return isTaken;
    }

    private bool IsRefusedByExtension(SipMessage request, Hop hop)
    {
        foreach (var extension in _extensions)
        {
            if (extension.Refuses(request, hop))
                return true;
        }
        return false;
    }

    private bool IsTakenByExtension(SipMessage request, Hop hop)
    {
        foreach (var extension in _extensions)
        {
            if (extension.TryTake(request, hop))
                return true;
        }
        return false;
    }

    private void TellAsked(SipMessage request)
    {
        foreach (var extension in _extensions)
            extension.OnAsked(request);
    }

    private void CloseExtensions()
    {
        foreach (var extension in _extensions)
            extension.OnClosed();
    }
}
