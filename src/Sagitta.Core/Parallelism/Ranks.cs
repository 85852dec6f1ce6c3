using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Sagitta.Core.Parallelism;

/// <summary>
/// The processes that work together on one run, numbered from 0. What they exchange are plain bytes; each call is made by all of them, in
/// the same order. Alone, a process is rank 0 of 1 and exchanges with itself: whoever uses this class needs no second way for one process.
/// </summary>
internal abstract class Ranks : IDisposable
{
    private static readonly JsonSerializerOptions _json = new()
    {
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        IncludeFields = true,
    };

    /// <summary>One process.</summary>
    public static Ranks Alone { get; } = new OneProcess();

    /// <summary>Number of this process.</summary>
    public abstract int Rank { get; }

    /// <summary>Number of processes.</summary>
    public abstract int Count { get; }

    /// <summary>Whether this process does everything itself and nobody asks what it found.</summary>
    public virtual bool IsAlone => Count == 1;

    /// <summary>Whether this process writes what there is one of in a run: checkpoints, metrics, the model.</summary>
    public bool IsFirst => Rank == 0;

    /// <summary>Bytes that this process has sent to others.</summary>
    public long SentBytes { get; protected set; }

    /// <summary>Time in exchanges, waiting for slower ranks included.</summary>
    public TimeSpan ExchangeTime { get; protected set; }

    /// <summary>"rank 1 of 4".</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"rank {Rank} of {Count}");

    /// <summary>Sends to every rank a part of its own, laid end to end in the order of ranks, and receives one from each in that
    /// order.</summary>
    /// <param name="sent">The parts for rank 0, 1, and so on.</param>
    /// <param name="sentLengths">Their lengths in bytes.</param>
    /// <param name="received">The parts from rank 0, 1, and so on.</param>
    /// <param name="receivedLengths">Their lengths in bytes.</param>
    public abstract void Exchange(ReadOnlySpan<byte> sent, int[] sentLengths, Span<byte> received, int[] receivedLengths);

    /// <summary>Gives every rank what each rank has, laid end to end in the order of ranks.</summary>
    /// <param name="own">What this rank has.</param>
    /// <param name="all">What all have.</param>
    /// <param name="lengths">Bytes of each rank.</param>
    public abstract void Gather(ReadOnlySpan<byte> own, Span<byte> all, int[] lengths);

    /// <summary>Ends all processes at once, for a rank that failed while others wait for it.</summary>
    public abstract void Abort(int exitCode);

    /// <summary>The items from <paramref name="total"/> that this rank works on where each has a contiguous share.</summary>
    public virtual Range ShareOf(int total) => (int)((long)total * Rank / Count)..(int)((long)total * (Rank + 1) / Count);

    /// <summary>Fills in what other ranks made of their shares (<see cref="ShareOf(int)"/>) of some items.</summary>
    /// <param name="values">Values of all items, those of this rank's share filled.</param>
    /// <param name="items">Number of items.</param>
    /// <param name="placeOf">Place of an item's first value; of the number of items, the number of values.</param>
    public void GatherShares<T>(Span<T> values, int items, Func<int, int> placeOf)
        where T : unmanaged
    {
        if (IsAlone)
        {
            return;
        }

        Range own = ShareOf(items);
        Span<byte> rest = MemoryMarshal.AsBytes(values);
        foreach (ReadOnlyMemory<byte> share in Collect(
            MemoryMarshal.AsBytes(values[placeOf(own.Start.Value)..placeOf(own.End.Value)]).ToArray()))
        {
            share.Span.CopyTo(rest);
            rest = rest[share.Length..];
        }
    }

    /// <summary>The same for records of numbers and lists, which travel as JSON: doubles come back with the same bits.</summary>
    /// <param name="items">All items, those of this rank's share filled.</param>
    public void GatherShares<T>(T[] items)
    {
        if (IsAlone)
        {
            return;
        }

        int place = 0;
        foreach (ReadOnlyMemory<byte> share in Collect(JsonSerializer.SerializeToUtf8Bytes(items[ShareOf(items.Length)], _json)))
        {
            T[] found = JsonSerializer.Deserialize<T[]>(share.Span, _json)!;
            found.CopyTo(items, place);
            place += found.Length;
        }
    }

    /// <summary>Whether any rank says yes.</summary>
    public bool Any(bool own) => Count == 1 ? own : All(own ? 1 : 0).Contains(1);

    /// <summary>What rank 0 says, for what others may not decide by themselves.</summary>
    public bool OfFirst(bool own) => Count == 1 ? own : All(own ? 1 : 0)[0] != 0;

    /// <summary>Returns when all ranks are here.</summary>
    public void Wait() => Any(own: false);

    /// <summary>Refuses ranks that read different things where all must read the same.</summary>
    /// <param name="own">A number that tells what was read.</param>
    /// <param name="where">Where from.</param>
    public void RequireSame(long own, string where)
    {
        if (Count > 1 && Array.Exists(All(own), other => other != own))
        {
            throw new BadInputException(where, "not all ranks find the same there", "give a folder that all nodes see under one name");
        }
    }

    /// <summary>Throws on all ranks where the run of any is to stop, after <paramref name="save"/> is done on all.</summary>
    public void ThrowIfStopped(CancellationToken stop, Action? save = null)
    {
        if (Any(stop.IsCancellationRequested))
        {
            save?.Invoke();
            Wait();
            throw new OperationCanceledException(stop);
        }
    }

    /// <summary>Leaves the other processes.</summary>
    public abstract void Dispose();

    /// <summary>What each has of what all need, in the order of the items.</summary>
    protected virtual IReadOnlyList<ReadOnlyMemory<byte>> Collect(byte[] own)
    {
        int[] lengths = Array.ConvertAll(All(own.Length), length => (int)length);
        byte[] all = new byte[lengths.Sum()];
        Gather(own, all, lengths);
        int end = 0;
        return [.. lengths.Select(length => new ReadOnlyMemory<byte>(all, (end += length) - length, length))];
    }

    private long[] All(long own)
    {
        long[] all = new long[Count];
        int[] lengths = new int[Count];
        Array.Fill(lengths, sizeof(long));
        Gather(MemoryMarshal.AsBytes(new ReadOnlySpan<long>(in own)), MemoryMarshal.AsBytes(all.AsSpan()), lengths);
        return all;
    }

    private sealed class OneProcess : SingleRank;

    /// <summary>Rank 0 of 1.</summary>
    internal abstract class SingleRank : Ranks
    {
        public override int Rank => 0;

        public override int Count => 1;

        public override void Exchange(ReadOnlySpan<byte> sent, int[] sentLengths, Span<byte> received, int[] receivedLengths) =>
            sent.CopyTo(received);

        public override void Gather(ReadOnlySpan<byte> own, Span<byte> all, int[] lengths) => own.CopyTo(all);

        public override void Abort(int exitCode)
        {
        }

        public override void Dispose()
        {
        }
    }
}
