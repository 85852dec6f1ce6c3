namespace Sagitta.Autodiff.Kernels;

/// <summary>The numbers of heads that vectors can hold.</summary>
internal static class HeadCounts
{
    internal readonly struct One : IHeadCount
    {
        public static int Value => 1;
    }

    internal readonly struct Two : IHeadCount
    {
        public static int Value => 2;
    }

    internal readonly struct Four : IHeadCount
    {
        public static int Value => 4;
    }

    internal readonly struct Eight : IHeadCount
    {
        public static int Value => 8;
    }

    internal readonly struct Sixteen : IHeadCount
    {
        public static int Value => 16;
    }
}
