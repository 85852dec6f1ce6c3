namespace Sagitta.Core.Files;

/// <summary>A stream of which some was read already, as if it were not. It closes the rest.</summary>
/// <param name="head">What was read.</param>
/// <param name="rest">What follows.</param>
internal sealed class BegunStream(ReadOnlyMemory<byte> head, Stream rest) : ForwardStream
{
    private ReadOnlyMemory<byte> _head = head;

    public override int Read(Span<byte> buffer)
    {
        int count = Math.Min(buffer.Length, _head.Length);
        _head.Span[..count].CopyTo(buffer);
        _head = _head[count..];
        return count > 0 ? count : rest.Read(buffer);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            rest.Dispose();
        }

        base.Dispose(disposing);
    }
}
