namespace Sagitta.Core.Parallelism;

/// <summary>
/// Items (events, frames) that several processes share where one result is made of all: ranks, which exchange what they found at once, or
/// jobs without each other. A job works on its part of the items as if there were no others, and leaves in a file what ranks would have
/// sent (<see cref="FilePart"/>). The job that finds the files of all parts does the work once more with what they hold, and finds nothing
/// itself: the result has the bits of one process.
/// </summary>
/// <param name="ranks">Processes that work at the same time.</param>
/// <param name="part">The part of a job; null for ranks.</param>
internal sealed class SharedSample(Ranks ranks, FilePart? part = null)
{
    /// <summary>One process.</summary>
    public static SharedSample Alone { get; } = new(Ranks.Alone);

    /// <summary>The result; null for a job while parts of others lack.</summary>
    /// <param name="items">Number of items.</param>
    /// <param name="work">Makes the result of a range of items; what it finds of each item goes through
    /// <see cref="Ranks.GatherShares{T}(T[])"/>.</param>
    public T? Run<T>(int items, Func<Range, Ranks, T> work)
        where T : class
    {
        if (part is null)
        {
            return work(.., ranks);
        }

        if (!part.IsDone)
        {
            part.Write(items, (file, first, count) => AtomicFile.Write(file, stream =>
            {
                if (count > 0)
                {
                    using BinaryWriter writer = new(stream, System.Text.Encoding.UTF8, leaveOpen: true);
                    work((int)first..(int)(first + count), new Recorder(writer));
                }
            }));
        }

        if (FilePart.Find(part.Whole).Count(other => other.Manifest.Command == part.Command && other.Manifest.Count == part.Count)
            < part.Count)
        {
            return null;
        }

        BinaryReader[] found = [.. FilePart.Checked(part.Whole).Where(other => other.Manifest.Items > 0)
            .Select(other => new BinaryReader(File.OpenRead(other.File)))];
        try
        {
            return work(.., new Player(found));
        }
        finally
        {
            Array.ForEach(found, reader => reader.Dispose());
        }
    }

    // Writes down what others would get.
    private sealed class Recorder(BinaryWriter target) : Ranks.SingleRank
    {
        public override bool IsAlone => false;

        protected override IReadOnlyList<ReadOnlyMemory<byte>> Collect(byte[] own)
        {
            target.Write(own.Length);
            target.Write(own);
            return [own];
        }
    }

    // Has a share of nothing, and gets from others what was written down.
    private sealed class Player(BinaryReader[] sources) : Ranks.SingleRank
    {
        public override bool IsAlone => false;

        public override Range ShareOf(int total) => 0..0;

        protected override IReadOnlyList<ReadOnlyMemory<byte>> Collect(byte[] own) =>
            [.. sources.Select(source => new ReadOnlyMemory<byte>(source.ReadBytes(source.ReadInt32())))];
    }
}
