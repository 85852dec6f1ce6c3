namespace Sagitta.Autodiff.Kernels;

/// <summary>A number known to the just-in-time compiler, which removes the branches on it.</summary>
internal interface ICount
{
    static abstract int Value { get; }
}

/// <summary>Numbers of attention heads that vectors can hold, and of rows and vectors in tiles of matrices.</summary>
internal static class Counts
{
    internal readonly struct One : ICount
    {
        public static int Value => 1;
    }

    internal readonly struct Two : ICount
    {
        public static int Value => 2;
    }

    internal readonly struct Four : ICount
    {
        public static int Value => 4;
    }

    internal readonly struct Eight : ICount
    {
        public static int Value => 8;
    }

    internal readonly struct Sixteen : ICount
    {
        public static int Value => 16;
    }
}
