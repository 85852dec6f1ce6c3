namespace Sagitta.Core.Memory;

/// <summary>Frees many things at once.</summary>
internal static class Disposal
{
    public static void DisposeAll(this IEnumerable<IDisposable> owned)
    {
        foreach (IDisposable one in owned)
        {
            one.Dispose();
        }
    }
}
