using System.Text;
using EventCalls.Sip.Messages;
using EventCalls.Sip.Transactions;

namespace EventCalls.Sip.Dialogs;

/// <content>Which shard of a node takes a message.</content>
public sealed partial class UserAgent
{
    /// <summary>Whether the agent made the tag or branch. From any thread.</summary>
    public bool Made(string token) => Table.Ids.TryRead(Encoding.UTF8.GetBytes(token), out _);

    /// <summary>Parses a message and tells which shard of a node its call lives on; −1 when it is no message (and is answered, where it can be).</summary>
    /// <remarks>
    /// What we made says its shard: the branch of a response, the To tag of a request, the dialog that a new INVITE is to take the place of. A new caller's Call-ID is hashed.
    /// The CANCEL of an INVITE that names a dialog does not name it: where its Call-ID leads and the INVITE is not, the shards are asked one after the other.
    /// </remarks>
    /// <param name="bytes">The message.</param>
    /// <param name="hop">Where it came from.</param>
    /// <param name="shards">How many shards the node has.</param>
    /// <param name="asked">How many shards were asked for it and had nothing of it; goes on with the message to the next one.</param>
    internal int OwnerOf(ReadOnlyMemory<byte> bytes, Hop hop, int shards, ref int asked)
    {
        if (!TryParse(bytes, hop) || (Ignores(hop) && Begins(_message)))
            return -1;
        int owner = asked > 0 ? Options.Shard : OwnerOf(_message, shards);
        if (owner != Options.Shard || _message.Method != SipMethod.Cancel || asked + 1 >= shards || HasCancelled(_message))
            return owner;
        asked++;
        return (owner + 1) % shards;
    }

    /// <summary>Takes the message that <see cref="OwnerOf(ReadOnlyMemory{byte}, Hop, int, ref int)"/> parsed last.</summary>
    internal void ReceiveParsed(Hop hop)
    {
        Options.Trace?.Received(hop, _message.Raw);
        Receive(_message, hop);
    }

    private int OwnerOf(SipMessage message, int shards)
    {
        var token = message.IsRequest ? message.ToTag : message.ViaBranch;
        if (!message.IsRequest && token.StartsWith(IdSource.Cookie))
            token = token[IdSource.Cookie.Length..];
        else if (token.IsEmpty && message.Method == SipMethod.Invite)
            token = Capabilities.TagNamedBy(message);
        if (IdSource.TryReadShard(token, out int shard) && shard < shards)
            return shard;
        // Every request of a caller without our tag has the same Call-ID: the INVITE, its repetitions, its CANCEL.
        return (int)((uint)BytesComparer.Instance.GetHashCode(message.CallId) % (uint)shards);
    }

    private bool HasCancelled(SipMessage cancel) => Table.FindCancelled(cancel) is not null || Table.TryFindFinished(cancel, SipMethod.Invite, out _, out _);
}
